package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobStatus.COMPLETED;
import static dev.jobqueue.store.testkit.JobFacts.assertSameJob;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.End;
import dev.jobqueue.store.Heartbeat;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.NameHeldException;
import dev.jobqueue.store.NotMemberException;
import dev.jobqueue.store.StoreSession;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may claim in a store that admits one node at a time. */
abstract class MembershipClauses extends Clauses {
    private final Node first = aNode("first");
    private final Node second = aNode("second");

    MembershipClauses(JobStoreContract contract) {
        super(contract);
    }

    @BeforeEach
    void onlyOfExclusiveStores() {
        assumeFalse(store.traits().shared(), "the store admits many nodes");
    }

    @Test
    void isNotNeededToWriteOrRead() {
        // given
        Job job = insert(aJob());
        // then
        changed(Change.cancel(job.info(), now()));
        assertEquals(1, listed(JobQuery.of(JobFilter.any())).size());
    }

    @Test
    void isRefusedWhileAnotherHoldsThePlaceWhateverItsName() {
        // given
        join(first);
        // then
        assertEquals(
                first, assertThrows(NameHeldException.class, () -> join(second)).holder());
        assertEquals(
                first,
                assertThrows(NameHeldException.class, () -> join(aNode(first.name())))
                        .holder());
    }

    @Test
    void isRefusedToWhoReplacesAnotherThanTheHolder() {
        // given
        join(first);
        Node stranger = aNode("first");
        // then
        assertEquals(
                first,
                assertThrows(
                                NameHeldException.class,
                                () -> store.join(joining(second).replacing(stranger)))
                        .holder());
        assertEquals(
                first,
                assertThrows(
                                NameHeldException.class,
                                () -> store.join(joining(second).replacing(second)))
                        .holder());
    }

    @Test
    void staysWithTheHolderWhenAnotherIsRefused() {
        // given
        StoreSession session = join(first);
        insert(aJob());
        // when
        assertThrows(NameHeldException.class, () -> join(second));
        // then
        assertEquals(Optional.empty(), session.heartbeat(Set.of()).ended());
        assertEquals(1, session.claim(claiming(1)).jobs().size());
    }

    @Test
    void goesToWhoReplacesTheHolder() {
        // given
        StoreSession old = join(first);
        Job job = insert(aJob());
        // when
        StoreSession session = store.join(joining(second).replacing(first));
        // then
        assertClaimRefused(old, End.SUPERSEDED);
        assertSameJob(job.info(), info(job.id()));
        assertEquals(List.of(job.id()), ids(session.claim(claiming(1)).jobs()));
    }

    @Test
    void goesToAnybodyWhenNobodyIsIn() {
        // given
        join(first).close();
        // when
        StoreSession session = store.join(joining(second).replacing(first));
        // then
        insert(aJob());
        assertEquals(1, session.claim(claiming(1)).jobs().size());
    }

    @Test
    void endsWithLeaving() {
        // given
        StoreSession session = join(first);
        insert(aJob());
        // when
        session.close();
        // then
        assertClaimRefused(session, End.LEFT);
        assertEquals(1, join(second).claim(claiming(1)).jobs().size());
    }

    @Test
    void canBeLeftTwice() {
        // given
        StoreSession session = join(first);
        session.close();
        StoreSession next = join(second);
        // when
        session.close();
        // then
        assertEquals(Optional.empty(), next.heartbeat(Set.of()).ended());
        assertClaimRefused(session, End.LEFT);
    }

    @Test
    void whichWasSupersededStaysSoWhenItLeaves() {
        // given
        StoreSession old = join(first);
        StoreSession session = store.join(joining(second).replacing(first));
        // when
        old.close();
        // then
        assertClaimRefused(old, End.SUPERSEDED);
        assertEquals(Optional.of(End.SUPERSEDED), old.heartbeat(Set.of()).ended());
        assertEquals(Optional.empty(), session.heartbeat(Set.of()).ended());
    }

    @Test
    void neverComesBackToWhoWasSuperseded() {
        // given
        join(first);
        store.join(joining(second).replacing(first)).close();
        // then
        assertEquals(
                Optional.of(End.SUPERSEDED),
                assertThrows(NotMemberException.class, () -> join(first)).ended());
        assertThrows(NotMemberException.class, () -> store.join(joining(first).replacing(second)));
    }

    @Test
    void neverComesBackToWhoLeft() {
        join(first).close();
        assertEquals(
                Optional.of(End.LEFT),
                assertThrows(NotMemberException.class, () -> join(first)).ended());
    }

    @Test
    void isNotTakenFromTheHolderByWhoHasEnded() {
        // given
        join(first);
        StoreSession session = store.join(joining(second).replacing(first));
        // then
        assertThrows(NotMemberException.class, () -> store.join(joining(first).replacing(second)));
        assertEquals(Optional.empty(), session.heartbeat(Set.of()).ended());
    }

    @Test
    void isToldByTheHeartbeat() {
        // given
        StoreSession session = join(first);
        clock.advance(Duration.ofMillis(1_500));
        // then
        Heartbeat live = session.heartbeat(Set.of());
        assertEquals(Optional.empty(), live.ended());
        assertEquals(now(), live.storeTime());
        assertEquals(List.of(), live.runOut());
        session.close();
        assertEquals(Optional.of(End.LEFT), session.heartbeat(Set.of()).ended());
    }

    @Test
    void outlivesAnySilence() {
        // given
        StoreSession session = join(first);
        insert(aJob());
        // when
        clock.advance(Duration.ofDays(30));
        // then
        assertThrows(NameHeldException.class, () -> join(second));
        assertEquals(1, session.claim(claiming(1)).jobs().size());
        assertEquals(Optional.empty(), session.heartbeat(Set.of()).ended());
    }

    @Test
    void isNoMatterForLateResults() {
        // given
        StoreSession old = join(first);
        JobInfo job = claimedJob(old, with -> with);
        // when
        store.join(joining(second).replacing(first));
        // then
        assertEquals(COMPLETED, changed(Change.complete(job, now())).status());
    }

    /** What a replaced node claims at the very end is seen by who replaced it, or not claimed at all. */
    @Test
    void letsNoClaimTakeEffectOnceItsNodeIsReplaced() throws Exception {
        // given
        insert(jobs(longBatch()));
        StoreSession old = join(first);
        Set<JobId> claimed = ConcurrentHashMap.newKeySet();
        CountDownLatch underWay = new CountDownLatch(20);
        Callable<Set<JobId>> claimOneByOne = () -> {
            try {
                while (claimed.size() < longBatch()) {
                    claimed.addAll(ids(old.claim(claiming(1)).jobs()));
                    underWay.countDown();
                }
            } catch (NotMemberException ended) {
                // as it must be
            }
            return Set.of();
        };
        Callable<Set<JobId>> replace = () -> {
            Patience.awaitOrGoOn(underWay, patience().toMillis());
            store.join(joining(second).replacing(first));
            return new HashSet<>(idsOf(listed(JobQuery.of(JobFilter.any().orphans()))));
        };
        // when
        List<Set<JobId>> orphans = Patience.together(
                patience(),
                Stream.concat(Collections.nCopies(4, claimOneByOne).stream(), Stream.of(replace))
                        .toList());
        // then
        assertEquals(orphans.get(4), claimed);
        assertEquals(
                claimed, new HashSet<>(idsOf(listed(JobQuery.of(JobFilter.any().withOwner(first.text()))))));
    }

    private void assertClaimRefused(StoreSession session, End end) {
        assertEquals(
                Optional.of(end),
                assertThrows(NotMemberException.class, () -> session.claim(claiming(1)))
                        .ended());
        assertEquals(Optional.of(end), session.heartbeat(Set.of()).ended());
    }
}
