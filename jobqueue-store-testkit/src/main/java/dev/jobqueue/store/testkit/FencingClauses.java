package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobStatus.CANCELLED;
import static dev.jobqueue.job.JobStatus.COMPLETED;
import static dev.jobqueue.job.JobStatus.FAILED;
import static dev.jobqueue.job.JobStatus.PENDING;
import static dev.jobqueue.job.JobStatus.PROCESSING;
import static dev.jobqueue.store.testkit.JobFacts.assertSameJob;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A late result is refused: a change is applied at its own status and attempt, and nowhere else. */
abstract class FencingClauses extends Clauses {
    FencingClauses(JobStoreContract contract) {
        super(contract);
    }

    @Test
    void refusesResultsOfAJobThatWasRecovered() {
        // given
        JobInfo late = claimedJob();
        changed(Change.recover(late, now()));
        // then
        assertAllStale(late, PENDING, 1);
    }

    @Test
    void refusesResultsOfAnEarlierAttempt() {
        // given
        JobInfo late = claimedJob();
        changed(Change.recover(late, now()));
        claimAgain(member(), late.queue());
        // then
        assertAllStale(late, PROCESSING, 2);
    }

    @Test
    void refusesResultsOfAJobThatIsCompleted() {
        JobInfo late = claimedJob();
        changed(Change.complete(late, now()));
        assertAllStale(late, COMPLETED, 1);
    }

    @Test
    void refusesResultsOfAJobThatIsCancelled() {
        JobInfo late = claimedJob();
        changed(Change.cancel(late, now()));
        assertAllStale(late, CANCELLED, 1);
    }

    @Test
    void refusesResultsOfAJobThatIsFailed() {
        JobInfo late = claimedJob();
        changed(Change.fail(late, now(), "no such address"));
        assertAllStale(late, FAILED, 1);
    }

    @Test
    void takesTheResultOfTheLatestAttempt() {
        // given
        JobInfo late = claimedJob();
        changed(Change.recover(late, now()));
        JobInfo latest = claimAgain(member(), late.queue());
        apply(Change.complete(late, now()));
        // then
        assertEquals(COMPLETED, changed(Change.complete(latest, now())).status());
    }

    @Test
    void refusesToCancelAJobThatWasClaimedSince() {
        // given
        JobInfo seen = jobIn(PENDING);
        JobInfo claimed = claimAgain(member(), seen.queue());
        // then
        assertEquals(ApplyOutcome.stale(PROCESSING, 1), apply(Change.cancel(seen, now())));
        assertSameJob(claimed, info(seen.id()));
    }

    @Test
    void refusesToCancelAJobThatIsPendingAtALaterAttempt() {
        // given
        JobInfo seen = jobIn(PENDING);
        JobInfo released = changed(Change.release(claimAgain(member(), seen.queue()), now()));
        // then
        assertEquals(ApplyOutcome.stale(PENDING, 1), apply(Change.cancel(seen, now())));
        assertSameJob(released, info(seen.id()));
    }

    @Test
    void refusesToRetryAJobThatFailedAgain() {
        // given
        JobInfo seen = jobIn(FAILED);
        changed(Change.retry(seen, now()));
        JobInfo later = changed(Change.fail(claimAgain(member(), seen.queue()), now(), "again"));
        // then
        assertEquals(ApplyOutcome.stale(FAILED, 2), apply(Change.retry(seen, now())));
        assertSameJob(later, info(seen.id()));
    }

    private void assertAllStale(JobInfo late, JobStatus status, int attempt) {
        JobInfo there = info(late.id());
        List<Change> changes = List.of(
                Change.complete(late, now()),
                Change.fail(late, now(), "late"),
                Change.failAndRetry(late, now(), now(), "late"),
                Change.recover(late, now()),
                Change.quarantine(late, now(), "late"),
                Change.release(late, now()),
                Change.snooze(late, now(), now()),
                Change.cancel(late, now()),
                Change.amend(late, now()).withAttribute("late", "yes"));
        changes.forEach(change -> {
            assertEquals(ApplyOutcome.stale(status, attempt), apply(change), change.toString());
            assertSameJob(there, info(late.id()));
        });
    }
}
