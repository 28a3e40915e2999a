package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobStatus.COMPLETED;
import static dev.jobqueue.job.JobStatus.PENDING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.End;
import dev.jobqueue.store.Lapse;
import dev.jobqueue.store.NotMemberException;
import dev.jobqueue.store.StoreSession;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In a store that admits many nodes, too, an incarnation ends once and for ever, and all that follows comes after. */
abstract class EndClauses extends SharedClauses {
    EndClauses(JobStoreContract contract) {
        super(contract);
    }

    @ParameterizedTest
    @EnumSource
    void areToldToTheirNode(End end) {
        // given
        StoreSession session = join(first);
        StoreSession other = join(second);
        // when
        end(first, session, end);
        // then
        assertEnded(session, end);
        assertLive(other);
    }

    @ParameterizedTest
    @EnumSource
    void areNeverFollowedByAnotherJoin(End end) {
        // given
        end(first, join(first), end);
        // then
        assertEquals(
                Optional.of(end),
                assertThrows(NotMemberException.class, () -> join(first)).ended());
        Node next = aNode(first.name());
        StoreSession session = join(next);
        assertThrows(NotMemberException.class, () -> store.join(joining(first).replacing(next)));
        assertLive(session);
    }

    @ParameterizedTest
    @EnumSource
    void areNotTakenBack(End end) {
        // given
        StoreSession session = join(first);
        StoreSession watcher = join(second);
        letLeasesRunOut();
        Lapse lapse = onlyLapse(watcher, first);
        end(first, session, end);
        // when
        session.heartbeat(Set.of());
        session.close();
        watcher.heartbeat(Set.of(lapse));
        // then
        assertEnded(session, end);
        assertLive(watcher);
    }

    @ParameterizedTest
    @EnumSource
    void makeOrphansOfWhatTheirNodeHeld(End end) {
        // given
        StoreSession session = join(first);
        StoreSession other = join(second);
        JobInfo orphan = claimedJob(session, job -> job);
        claimedJob(other, job -> job);
        assertEquals(Set.of(), orphans());
        // when
        end(first, session, end);
        // then
        assertEquals(Set.of(orphan.id()), orphans());
    }

    /** Whoever goes by the clock takes the jobs of a node that is alive behind a slow connection. */
    @Test
    void andNoClockMakeOrphans() {
        // given
        StoreSession session = join(first);
        StoreSession watcher = join(second);
        JobInfo job = claimedJob(session, with -> with);
        // when
        clock.advance(Duration.ofDays(3));
        onlyLapse(watcher, first);
        // then
        assertEquals(Set.of(), orphans());
        session.heartbeat(Set.of());
        assertEquals(COMPLETED, changed(Change.complete(job, now())).status());
    }

    @ParameterizedTest
    @EnumSource
    void areNoMatterForLateResults(End end) {
        // given
        StoreSession session = join(first);
        JobInfo done = claimedJob(session, job -> job);
        JobInfo recovered = claimedJob(session, job -> job);
        // when
        end(first, session, end);
        changed(Change.recover(recovered, now()));
        // then
        assertEquals(COMPLETED, changed(Change.complete(done, now())).status());
        assertEquals(ApplyOutcome.stale(PENDING, 1), apply(Change.complete(recovered, now())));
        assertEquals(Set.of(), orphans());
    }

    @ParameterizedTest
    @EnumSource
    void areRememberedWhileAJobIsProcessingUnderThem(End end) {
        // given
        StoreSession session = join(first);
        JobInfo orphan = claimedJob(session, job -> job);
        end(first, session, end);
        // when
        StoreSession other = letDaysGoBy();
        // then
        assertEnded(session, end);
        assertThrows(NotMemberException.class, () -> join(first));
        assertEquals(Set.of(orphan.id()), orphans());
        changed(Change.recover(orphan, now()));
        assertEquals(2, claimAgain(other, orphan.queue()).attempt());
    }

    /** The record may be dropped then; whom the store does not know has ended. */
    @ParameterizedTest
    @EnumSource
    void stayEndsWhenTheyAreForgotten(End end) {
        // given
        StoreSession session = join(first);
        end(first, session, end);
        insert(aJob());
        // when
        letDaysGoBy();
        // then
        assertTrue(session.heartbeat(Set.of()).ended().isPresent());
        assertThrows(NotMemberException.class, () -> session.claim(claiming(1)));
    }

    /** Nodes come, go and renew meanwhile: so a store has occasion to drop what is old. */
    private StoreSession letDaysGoBy() {
        for (int day = 0; day < 3; day++) {
            clock.advance(Duration.ofDays(1));
            StoreSession session = join(aNode("passer-by"));
            session.heartbeat(Set.of());
            session.close();
        }
        return join(aNode("third"));
    }
}
