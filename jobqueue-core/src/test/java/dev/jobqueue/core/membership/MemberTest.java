package dev.jobqueue.core.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.core.given.HeardEvents;
import dev.jobqueue.core.given.Quiet;
import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.core.membership.Membership.Joined;
import dev.jobqueue.core.recovery.ForwardingStore;
import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.runtime.FakePlatform;
import dev.jobqueue.event.ClockSkewed;
import dev.jobqueue.event.NodeEnded;
import dev.jobqueue.event.NodeJoined;
import dev.jobqueue.event.SilentNodeEnded;
import dev.jobqueue.event.StoreAvailable;
import dev.jobqueue.event.StoreUnavailable;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.Node;
import dev.jobqueue.option.LeaseOptions;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.End;
import dev.jobqueue.store.Heartbeat;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.Lapse;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Members of a store of many nodes, on a virtual clock, each run when it wants to be. */
class MemberTest {
    private static final Duration LEASE = Duration.ofSeconds(6);
    private static final Duration RENEWAL = Duration.ofMillis(1_500);

    private final FakePlatform platform = new FakePlatform();
    private Duration storeIsAhead = Duration.ZERO;
    private final MemoryJobStore store =
            MemoryJobStore.shared(() -> platform.now().plus(storeIsAhead));
    private final HeardEvents heard = new HeardEvents();
    private final List<Life> lives = new ArrayList<>();
    /** What happens before each join is done. */
    private Runnable meanwhile = () -> {};

    /** A member, and when its duty wants to run next. */
    private final class Life {
        final Quiet witness = new Quiet();
        final Member member;
        boolean away;
        boolean endsNobody;
        int heartbeats;
        Duration answersAfter = Duration.ZERO;
        boolean paused;
        Duration next = Duration.ZERO;

        Life(String name) {
            Reporter reporter = new Reporter(platform, List.of(heard));
            ForwardingStore slow = new ForwardingStore(store) {
                @Override
                public StoreSession join(JoinRequest request) {
                    meanwhile.run();
                    return super.join(request);
                }
            };
            Membership membership = new Membership(platform, reporter, slow, name, LEASE, () -> {});
            Joined joined = membership.takeOver();
            member = new Member(
                    platform,
                    reporter,
                    membership,
                    LeaseOptions.defaults(),
                    true,
                    new Joined(joined.node(), new Away(joined.session())),
                    platform.nanoTime(),
                    witness);
            lives.add(this);
        }

        void runIfDue() {
            if (!paused && next.compareTo(platform.passed()) <= 0) {
                Duration wait = member.runOnce().next();
                next = platform.passed().plus(wait);
            }
        }

        /** Does not answer this member while it shall not. */
        private final class Away implements StoreSession {
            private final StoreSession session;

            Away(StoreSession session) {
                this.session = session;
            }

            @Override
            public Claimed claim(ClaimRequest request) {
                return session.claim(request);
            }

            @Override
            public Heartbeat heartbeat(Set<Lapse> silent) {
                if (away) {
                    throw new StoreException("away");
                }
                heartbeats++;
                Heartbeat heartbeat = session.heartbeat(endsNobody ? Set.of() : silent);
                platform.advance(answersAfter);
                return heartbeat;
            }

            @Override
            public void close() {
                session.close();
            }
        }
    }

    private void run(Duration time) {
        Duration end = platform.passed().plus(time);
        while (platform.passed().compareTo(end) < 0) {
            lives.forEach(Life::runIfDue);
            platform.advance(Duration.ofMillis(50));
        }
        lives.forEach(Life::runIfDue);
    }

    @Test
    void staysInForAsLongAsItRenews() {
        // given
        Life one = new Life("one");
        Life other = new Life("other");
        // when
        run(Duration.ofMinutes(10));
        // then
        assertTrue(one.member.isLive());
        assertTrue(other.member.isLive());
        assertEquals(List.of(), heard.all(NodeEnded.class));
    }

    @Test
    void endsANodeThatIsSilentForItsLeaseAfterTheLeaseRanOut() {
        // given
        Life one = new Life("one");
        Life dead = new Life("dead");
        run(Duration.ofSeconds(10));
        dead.paused = true;
        // when
        run(LEASE.multipliedBy(2).minus(RENEWAL));
        // then
        assertEquals(0, one.witness.endsOfOthers.get());
        // when
        run(RENEWAL.multipliedBy(2));
        // then
        assertEquals(dead.member.node(), heard.only(SilentNodeEnded.class).node());
        assertEquals(1, one.witness.endsOfOthers.get());
    }

    /** Not with the renewal after that. */
    @Test
    void endsANodeAtTheMomentItsWatchIsOver() {
        // given: a node whose lease of 4 s is seen to have run out after 4.5 s
        Life one = new Life("one");
        Node dead = Node.of("dead", new UUID(9, 9));
        store.join(JoinRequest.of(dead, Duration.ofSeconds(4), () -> {}));
        run(Duration.ofMillis(8_450));
        assertEquals(0, one.witness.endsOfOthers.get());
        // when
        run(Duration.ofMillis(50));
        // then
        assertEquals(dead, heard.only(SilentNodeEnded.class).node());
        assertEquals(1, one.witness.endsOfOthers.get());
    }

    @Test
    void hearsOfANodeThatAnotherHasEnded() {
        // given
        Life one = new Life("one");
        StoreSession other = store.join(JoinRequest.of(Node.of("other", new UUID(8, 8)), Duration.ofDays(1), () -> {}));
        store.join(JoinRequest.of(Node.of("dead", new UUID(9, 9)), LEASE, () -> {}));
        run(LEASE.plus(RENEWAL));
        // when
        other.heartbeat(Set.copyOf(other.heartbeat(Set.of()).runOut()));
        run(RENEWAL);
        // then
        assertEquals(1, one.witness.endsOfOthers.get());
        assertEquals(List.of(), heard.all(SilentNodeEnded.class));
    }

    /** A store passes over a node whose row is locked, by a claim that stands still say. */
    @Test
    void asksAtItsNextRenewalForTheEndThatTheStoreDidNotWrite() {
        // given
        Life one = new Life("one");
        Life dead = new Life("dead");
        dead.paused = true;
        one.endsNobody = true;
        run(LEASE.multipliedBy(3));
        int before = one.heartbeats;
        // when
        run(RENEWAL.multipliedBy(10));
        // then
        assertEquals(10, one.heartbeats - before);
        assertEquals(List.of(), heard.all(SilentNodeEnded.class));
        one.endsNobody = false;
        run(RENEWAL);
        assertEquals(dead.member.node(), heard.only(SilentNodeEnded.class).node());
    }

    /** Else all would be taken for dead when the store's clock is set. */
    @Test
    void endsNobodyForAStepOfTheStoresClock() {
        // given
        Life one = new Life("one");
        Life other = new Life("other");
        run(Duration.ofSeconds(10));
        // when
        storeIsAhead = Duration.ofHours(1);
        run(Duration.ofMinutes(1));
        storeIsAhead = Duration.ofHours(-1);
        run(Duration.ofMinutes(1));
        // then
        assertEquals(List.of(), heard.all(SilentNodeEnded.class));
        assertTrue(one.member.isLive());
        assertTrue(other.member.isLive());
    }

    @Test
    void endsNobodyForAnOutageOfTheStore() {
        // given
        Life one = new Life("one");
        Life other = new Life("other");
        run(Duration.ofSeconds(10));
        // when
        one.away = true;
        other.away = true;
        run(Duration.ofMinutes(5));
        assertFalse(one.member.isLive());
        assertTrue(one.member.problems().contains("the store does not answer heartbeat: away"));
        one.away = false; // the other is connected again three seconds later
        run(Duration.ofSeconds(3));
        other.away = false;
        run(Duration.ofMinutes(1));
        // then
        assertEquals(List.of(), heard.all(SilentNodeEnded.class));
        assertTrue(one.member.isLive());
        assertTrue(other.member.isLive());
        assertEquals(2, heard.all(StoreUnavailable.class).size(), "once for each");
        assertEquals(2, heard.all(StoreAvailable.class).size());
    }

    /** It had begun to watch the other before the outage; its first renewal after that must not end it. */
    @Test
    void endsNobodyWithTheFirstRenewalAfterAnOutage() {
        // given
        Life one = new Life("one");
        Life other = new Life("other");
        other.away = true;
        run(LEASE.plus(RENEWAL));
        // when
        one.away = true;
        run(LEASE.plus(RENEWAL));
        one.away = false;
        run(RENEWAL.multipliedBy(2));
        other.away = false;
        run(Duration.ofMinutes(1));
        // then
        assertEquals(List.of(), heard.all(SilentNodeEnded.class));
        assertTrue(other.member.isLive());
    }

    @Test
    void countsItsLeaseFromWhenItAskedForIt() {
        // given
        Life one = new Life("one");
        one.answersAfter = Duration.ofSeconds(5);
        one.runIfDue();
        // when
        platform.advance(Duration.ofMillis(999));
        assertTrue(one.member.isLive());
        platform.advance(Duration.ofMillis(1));
        // then
        assertFalse(one.member.isLive());
    }

    @Test
    void startsNothingNewWhileItCouldNotRenewForALease() {
        // given
        Life one = new Life("one");
        run(Duration.ofSeconds(10));
        one.away = true;
        // when
        run(LEASE.minus(RENEWAL.multipliedBy(2)));
        assertTrue(one.member.isLive());
        run(RENEWAL.multipliedBy(2));
        // then
        assertFalse(one.member.isLive());
        assertTrue(one.member.problems().stream().anyMatch(problem -> problem.contains("nothing new is started")));
        one.away = false;
        run(Duration.ofSeconds(6));
        assertTrue(one.member.isLive());
        assertEquals(List.of(), one.member.problems());
    }

    @Test
    void joinsAnewWhenItWasEndedWhileItStoodStill() {
        // given
        Life one = new Life("one");
        Life still = new Life("still");
        Node before = still.member.node();
        still.paused = true;
        run(Duration.ofSeconds(20));
        // when
        still.paused = false;
        run(RENEWAL);
        // then
        assertEquals(new NodeEnded(before, End.EXPIRED), heard.only(NodeEnded.class));
        assertTrue(still.member.isLive());
        assertEquals("still", still.member.node().name());
        assertNotEquals(before, still.member.node());
        assertEquals(2, still.witness.changes.get(), "none, then another");
        assertEquals(0, still.witness.superseded.get());
        assertEquals(0, one.witness.changes.get());
    }

    @Test
    void triesToComeBackUntilTheStoreAnswers() {
        // given
        new Life("one");
        Life still = new Life("still");
        still.paused = true;
        run(Duration.ofSeconds(20));
        meanwhile = () -> {
            throw new StoreException("away");
        };
        // when
        still.paused = false;
        run(Duration.ofSeconds(20));
        meanwhile = () -> {};
        run(Duration.ofSeconds(5)); // the longest pause
        // then
        assertTrue(still.member.isLive());
        assertEquals(1, heard.all(StoreUnavailable.class).size());
        assertEquals(1, heard.all(StoreAvailable.class).size());
    }

    /** A claim told it first, so it joins anew before it could see that it is late. */
    @Test
    void watchesTheOthersAnewWhenItComesBack() {
        // given: two nodes stand still, and it has begun to watch the other's lease
        Life still = new Life("still");
        Life other = new Life("other");
        other.away = true;
        run(LEASE.plus(RENEWAL));
        still.paused = true;
        run(LEASE.plus(RENEWAL));
        still.member.ended(still.member.joined().orElseThrow(), End.EXPIRED);
        // when
        still.paused = false;
        run(RENEWAL);
        run(RENEWAL);
        // then
        assertEquals(
                2,
                heard.all(NodeJoined.class).stream()
                        .filter(joined -> joined.node().name().equals("still"))
                        .count());
        other.away = false;
        run(Duration.ofMinutes(1));
        assertEquals(List.of(), heard.all(SilentNodeEnded.class));
    }

    /** Its dispatcher and its heartbeat may both be told; one of them late. */
    @Test
    void endsNotForWhatIsSaidOfAnEarlierIncarnation() {
        // given
        new Life("one");
        Life still = new Life("still");
        Joined before = still.member.joined().orElseThrow();
        still.paused = true;
        run(Duration.ofSeconds(20));
        still.paused = false;
        run(RENEWAL);
        // when
        still.member.ended(before, End.EXPIRED);
        // then
        assertTrue(still.member.isLive());
        assertEquals(1, heard.all(NodeEnded.class).size());
    }

    @Test
    void beginsOnlyWhatItClaimedAsWhoItIsNow() {
        // given
        new Life("one");
        Life still = new Life("still");
        JobInfo before = SomeJobs.pending("job").info().claimed(still.member.node(), platform.now());
        assertTrue(still.member.mayBegin(before));
        still.paused = true;
        run(Duration.ofSeconds(20));
        assertFalse(still.member.mayBegin(before), "its lease is over");
        // when
        still.paused = false;
        run(RENEWAL);
        // then
        assertTrue(still.member.isLive());
        assertFalse(still.member.mayBegin(before));
        assertTrue(still.member.mayBegin(SomeJobs.pending("job").info().claimed(still.member.node(), platform.now())));
    }

    @Test
    void isOutWhenANewerQueueTookItsName() {
        // given
        Life older = new Life("name");
        Life newer = new Life("name");
        // when
        run(Duration.ofSeconds(10));
        // then
        assertTrue(older.member.isOut());
        assertFalse(older.member.isLive());
        assertEquals(1, older.witness.superseded.get());
        assertEquals(End.SUPERSEDED, heard.only(NodeEnded.class).end());
        assertTrue(newer.member.isLive());
    }

    /** It was ended while it stood still, and then a newer process took its name. */
    @Test
    void isOutWhenANewerQueueTookItsNameAfterItHadExpired() {
        // given
        new Life("one");
        Life still = new Life("name");
        still.paused = true;
        run(Duration.ofSeconds(20));
        store.join(JoinRequest.of(Node.of("name", new UUID(9, 9)), Duration.ofDays(1), () -> {}));
        // when
        still.paused = false;
        run(Duration.ofSeconds(5));
        // then
        assertTrue(still.member.isOut());
        assertEquals(1, still.witness.superseded.get());
        assertEquals(
                List.of(End.EXPIRED, End.SUPERSEDED),
                heard.all(NodeEnded.class).stream().map(NodeEnded::end).toList());
        assertFalse(still.member.isLive());
    }

    @Test
    void isNotKeptAliveByItsHeartbeatWhenItsOtherDutiesAreStuck() {
        // given
        Life one = new Life("one");
        Life stuck = new Life("stuck");
        run(Duration.ofSeconds(3));
        // when
        stuck.witness.vouches = false;
        run(Duration.ofSeconds(15));
        // then
        assertEquals(stuck.member.node(), heard.only(SilentNodeEnded.class).node());
        assertFalse(stuck.member.isLive());
        assertTrue(one.member.isLive());
    }

    @Test
    void saysOnceThatTheClocksAreApart() {
        // given
        Life one = new Life("one");
        // when
        storeIsAhead = Duration.ofSeconds(1);
        run(RENEWAL);
        assertEquals(List.of(), heard.all(ClockSkewed.class));
        storeIsAhead = Duration.ofMillis(1_100);
        run(Duration.ofMinutes(1));
        // then
        assertEquals(Duration.ofMillis(-1_100), heard.only(ClockSkewed.class).ahead());
        assertTrue(one.member.problems().stream().anyMatch(problem -> problem.contains("clocks")));
        storeIsAhead = Duration.ofMillis(900);
        run(RENEWAL);
        assertEquals(List.of(), one.member.problems());
    }

    /** Else a queue that is closed would be a node for another two leases. */
    @Test
    void leavesThoughItIsJoiningAnewMeanwhile() {
        // given
        Life one = new Life("one");
        Life still = new Life("still");
        still.paused = true;
        run(Duration.ofSeconds(20));
        still.member.runOnce();
        // when
        meanwhile = still.member::leave;
        still.member.runOnce();
        // then
        assertEquals(
                2,
                heard.all(NodeJoined.class).stream()
                        .filter(joined -> joined.node().name().equals("still"))
                        .count());
        store.join(JoinRequest.of(Node.of("still", new UUID(9, 9)), LEASE, () -> {}));
        assertTrue(one.member.isLive());
    }

    @Test
    void takesNoSlowAnswerForASkewOfTheClocks() {
        // given
        Life one = new Life("one");
        one.answersAfter = Duration.ofMillis(1_200);
        // when
        run(Duration.ofMinutes(1));
        // then
        assertEquals(List.of(), heard.all(ClockSkewed.class));
        assertTrue(one.heartbeats >= 40, "each renewal's pause is counted from when the one before was sent");
        storeIsAhead = Duration.ofMillis(-1_100);
        one.answersAfter = Duration.ZERO;
        run(RENEWAL);
        assertEquals(Duration.ofMillis(1_100), heard.only(ClockSkewed.class).ahead());
    }

    @Test
    void asksForNothingOnceItHasLeft() {
        // given
        Life one = new Life("one");
        // when
        one.member.leave();
        one.next = Duration.ZERO;
        run(Duration.ofMinutes(1));
        one.member.ended(one.member.joined().orElseThrow(), End.LEFT); // a claim or a heartbeat that was under way
        // then
        assertEquals(0, one.heartbeats);
        assertEquals(List.of(), one.member.problems());
        store.join(JoinRequest.of(Node.of("one", new UUID(9, 9)), LEASE, () -> {})); // in nobody's place
        assertEquals(List.of(), heard.all(NodeEnded.class));
        assertEquals(0, one.witness.changes.get());
    }

    @Test
    void renewsOnAThreadOfItsOwn() {
        // when
        new Life("one").member.start();
        // then
        assertEquals(List.of("jobqueue-one-heartbeat"), platform.startedThreads());
    }
}
