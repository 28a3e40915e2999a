package dev.jobqueue.store;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.AnyJob;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExclusiveMembershipTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Node FIRST = Node.of("first", new UUID(1, 1));
    private static final Node SECOND = Node.of("second", new UUID(2, 2));
    private static final Node THIRD = Node.of("third", new UUID(3, 3));
    private static final Claimed NOTHING = Claimed.of(List.of(), Optional.empty());
    private static final ClaimRequest CLAIM =
            ClaimRequest.of(NOW, 1, List.of(ClaimSlot.of("default", Set.of("email"), 1)));

    private Instant now = NOW;
    private final ExclusiveMembership membership = new ExclusiveMembership(() -> now);

    @Test
    void letsTheFirstIn() {
        StoreSession session = join(FIRST);

        assertEquals(Optional.of(FIRST), membership.holder());
        assertEquals(NOTHING, session.claim(CLAIM));
        assertLive(session);
    }

    @Test
    void letsTheSameIncarnationInAgainAfterALostAnswer() {
        StoreSession lost = join(FIRST);
        StoreSession again = join(FIRST);

        assertLive(lost);
        assertLive(again);
        assertEquals(NOTHING, again.claim(CLAIM));
    }

    @Test
    void namesTheHolderToWhoeverDoesNot() {
        join(FIRST);

        var held = assertThrows(NameHeldException.class, () -> join(SECOND));

        assertEquals(FIRST, held.holder());
        assertEquals("the name is held by " + FIRST + ", which has not ended", held.getMessage());
        assertEquals(Optional.of(FIRST), membership.holder());
    }

    @Test
    void namesTheHolderToWhoeverNamesAnother() {
        join(FIRST);
        Node olderLife = Node.of("first", new UUID(1, 0));

        assertThrows(NameHeldException.class, () -> joinReplacing(SECOND, olderLife));
        assertThrows(NameHeldException.class, () -> joinReplacing(Node.of("first", new UUID(1, 2)), olderLife));
    }

    @Test
    void supersedesTheHolderThatIsNamed() {
        // given
        StoreSession first = join(FIRST);
        // when
        StoreSession second = joinReplacing(SECOND, FIRST);
        // then
        assertEquals(Optional.of(SECOND), membership.holder());
        assertLive(second);
        assertEnded(End.SUPERSEDED, first);
    }

    @Test
    void forgetsNothingWhenASupersededNodeLeaves() {
        StoreSession first = join(FIRST);
        StoreSession second = joinReplacing(SECOND, FIRST);

        first.close();

        assertEnded(End.SUPERSEDED, first);
        assertLive(second);
    }

    @Test
    void letsNobodyInTwice() {
        // given
        join(FIRST);
        joinReplacing(SECOND, FIRST).close();
        // then
        var superseded = assertThrows(NotMemberException.class, () -> join(FIRST));
        var left = assertThrows(NotMemberException.class, () -> join(SECOND));
        assertEquals(Optional.of(End.SUPERSEDED), superseded.ended());
        assertEquals(Optional.of(End.LEFT), left.ended());
        assertEquals(SECOND + " is no member of the store: it ended, LEFT", left.getMessage());
        assertEquals(Optional.empty(), membership.holder());
    }

    @Test
    void letsAnotherInOnceTheHolderLeft() {
        // given
        StoreSession first = join(FIRST);
        first.close();
        first.close();
        // when
        StoreSession second = joinReplacing(SECOND, FIRST);
        // then
        assertEnded(End.LEFT, first);
        assertLive(second);
    }

    @Test
    void tellsTheTimeOfTheStore() {
        assertEquals(NOW, join(FIRST).heartbeat(Set.of()).storeTime());
        assertEquals(List.of(), join(FIRST).heartbeat(Set.of()).runOut());
    }

    @Test
    void remembersForADayHowAnIncarnationEnded() {
        // given
        StoreSession first = join(FIRST);
        StoreSession second = joinReplacing(SECOND, FIRST);
        second.close();
        // when
        now = NOW.plus(Duration.ofDays(1));
        join(THIRD);
        // then
        assertEnded(End.SUPERSEDED, first);
        assertEnded(End.LEFT, second);
    }

    @Test
    void endsAlsoThoseThatItNoLongerRemembers() {
        // given
        StoreSession first = join(FIRST);
        first.close();
        // when
        now = NOW.plus(Duration.ofDays(1)).plusMillis(1);
        join(THIRD);
        // then
        var unknown = assertThrows(NotMemberException.class, () -> first.claim(CLAIM));
        assertEquals(Optional.empty(), unknown.ended());
        assertEquals(FIRST + " is no member of the store: it is not known there", unknown.getMessage());
        assertEquals(Optional.of(End.SUPERSEDED), first.heartbeat(Set.of()).ended());
    }

    @ParameterizedTest
    @EnumSource
    void takesForOrphansOnlyProcessingJobsWhoseOwnerIsNotIn(JobStatus status) {
        JobInfo job = AnyJob.in(status);
        boolean processing = status == JobStatus.PROCESSING;

        assertEquals(processing, membership.isOrphan(job));
        join(FIRST);
        assertEquals(processing, membership.isOrphan(job));
        joinReplacing(AnyJob.NODE, FIRST);
        assertFalse(membership.isOrphan(job));
    }

    @Test
    void wakesWhoeverIsIn() {
        // given
        AtomicInteger first = new AtomicInteger();
        AtomicInteger second = new AtomicInteger();
        membership.wakeUp();
        membership.join(JoinRequest.of(FIRST, Duration.ofSeconds(6), first::incrementAndGet), claim -> NOTHING);
        membership.wakeUp();
        StoreSession session = membership.join(
                JoinRequest.of(SECOND, Duration.ofSeconds(6), second::incrementAndGet)
                        .replacing(FIRST),
                claim -> NOTHING);
        // when
        membership.wakeUp();
        membership.wakeUp();
        session.close();
        membership.wakeUp();
        // then
        assertEquals(List.of(1, 2), List.of(first.get(), second.get()));
    }

    @Test
    void finishesAClaimUnderWayBeforeItsNodeIsSuperseded() throws Exception {
        assertWaits(
                goOn -> join(FIRST, claim -> {
                            await(goOn);
                            return NOTHING;
                        })
                        .claim(CLAIM),
                () -> joinReplacing(SECOND, FIRST));
    }

    @Test
    void finishesAClaimUnderWayBeforeItsNodeHasLeft() throws Exception {
        StoreSession[] session = new StoreSession[1];
        assertWaits(
                goOn -> {
                    session[0] = join(FIRST, claim -> {
                        await(goOn);
                        return NOTHING;
                    });
                    session[0].claim(CLAIM);
                },
                () -> session[0].close());
        join(SECOND);
        assertEquals(Optional.of(SECOND), membership.holder());
    }

    @Test
    void answersWhatWasReadWithTheHolder() {
        join(FIRST);

        assertEquals(Optional.of(FIRST.name()), membership.withHolder(holder -> holder.map(Node::name)));
    }

    @Test
    void letsNobodyInWhileJobsAreReadWithTheHolder() throws Exception {
        join(FIRST);
        assertWaits(
                goOn -> membership.withHolder(holder -> {
                    assertEquals(Optional.of(FIRST), holder);
                    await(goOn);
                    return membership.isOrphan(AnyJob.in(JobStatus.PROCESSING));
                }),
                () -> joinReplacing(SECOND, FIRST));
    }

    private interface Blocked {
        void until(CountDownLatch goOn);
    }

    private final CountDownLatch underWay = new CountDownLatch(1);

    /** Runs the one until it waits for the latch, then the other, and checks that this one waits for the first. */
    private void assertWaits(Blocked first, Runnable second) throws Exception {
        // given
        CountDownLatch goOn = new CountDownLatch(1);
        List<String> ended = Collections.synchronizedList(new ArrayList<>());
        Thread one = new Thread(() -> {
            first.until(goOn);
            ended.add("first");
        });
        Thread other = new Thread(() -> {
            second.run();
            ended.add("second");
        });
        one.start();
        assertTrue(underWay.await(20, SECONDS));
        // when
        other.start();
        long giveUp = System.nanoTime() + SECONDS.toNanos(20);
        while (other.getState() != Thread.State.WAITING && other.isAlive() && System.nanoTime() < giveUp) {
            Thread.onSpinWait();
        }
        List<String> before = List.copyOf(ended);
        goOn.countDown();
        one.join(20_000);
        other.join(20_000);
        // then
        assertEquals(List.of(), before);
        assertEquals(Set.of("first", "second"), Set.copyOf(ended));
    }

    private void await(CountDownLatch goOn) {
        underWay.countDown();
        try {
            assertTrue(goOn.await(20, SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertLive(StoreSession session) {
        assertEquals(Optional.empty(), session.heartbeat(Set.of()).ended());
    }

    private static void assertEnded(End end, StoreSession session) {
        assertEquals(Optional.of(end), session.heartbeat(Set.of()).ended());
        var refused = assertThrows(NotMemberException.class, () -> session.claim(CLAIM));
        assertEquals(Optional.of(end), refused.ended());
    }

    private StoreSession join(Node node) {
        return join(node, claim -> NOTHING);
    }

    private StoreSession join(Node node, java.util.function.Function<ClaimRequest, Claimed> claims) {
        return membership.join(JoinRequest.of(node, Duration.ofSeconds(6), () -> {}), claims);
    }

    private StoreSession joinReplacing(Node node, Node holder) {
        JoinRequest request = JoinRequest.of(node, Duration.ofSeconds(6), () -> {});
        return membership.join(request.replacing(holder), claim -> NOTHING);
    }
}
