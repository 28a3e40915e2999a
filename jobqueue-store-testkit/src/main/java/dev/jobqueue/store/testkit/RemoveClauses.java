package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobStatus.COMPLETED;
import static dev.jobqueue.job.JobStatus.FAILED;
import static dev.jobqueue.job.JobStatus.PENDING;
import static dev.jobqueue.job.JobStatus.PROCESSING;
import static dev.jobqueue.store.testkit.JobFacts.assertSameJob;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobQuery;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A final job leaves the store when it is removed, and no other way; no other job does. */
abstract class RemoveClauses extends Clauses {
    RemoveClauses(JobStoreContract contract) {
        super(contract);
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPLETED", "FAILED", "CANCELLED"})
    void takesAFinalJobAndNoOther(JobStatus status) {
        // given
        JobInfo job = jobIn(status);
        JobInfo other = jobIn(status);
        // when
        ApplyOutcome outcome = apply(Change.remove(job));
        // then
        assertEquals(ApplyOutcome.applied(), outcome);
        assertEquals(Optional.empty(), store.find(job.id()));
        assertEquals(List.of(other.id()), idsOf(listed(JobQuery.of(JobFilter.any()))));
    }

    @Test
    void saysThatAJobIsMissing() {
        // given
        JobInfo job = jobIn(COMPLETED);
        apply(Change.remove(job));
        // then
        assertEquals(ApplyOutcome.missing(), apply(Change.remove(job)));
        assertEquals(
                ApplyOutcome.missing(),
                apply(Change.cancel(aJob(job.id(), TYPE, with -> with).info(), now())));
    }

    @Test
    void leavesAJobThatWasSentAgain() {
        // given
        JobInfo failed = jobIn(FAILED);
        JobInfo again = changed(Change.retry(failed, now()));
        // then
        assertEquals(ApplyOutcome.stale(PENDING, 1), apply(Change.remove(failed)));
        assertSameJob(again, info(failed.id()));
    }

    @Test
    void leavesAJobThatFailedAgainAtALaterAttempt() {
        // given
        JobInfo failed = jobIn(FAILED);
        changed(Change.retry(failed, now()));
        JobInfo later = changed(Change.fail(claimAgain(member(), failed.queue()), now(), "again"));
        // then
        assertEquals(ApplyOutcome.stale(FAILED, 2), apply(Change.remove(failed)));
        assertSameJob(later, info(failed.id()));
    }

    @Test
    void leavesAJobThatRunsAgain() {
        // given
        JobInfo failed = jobIn(FAILED);
        changed(Change.retry(failed, now()));
        claimAgain(member(), failed.queue());
        // then
        assertEquals(ApplyOutcome.stale(PROCESSING, 2), apply(Change.remove(failed)));
    }

    @Test
    void freesTheIdAndLeavesNothingOfTheJob() {
        // given
        JobInfo job = changed(Change.complete(
                claimedJob(member(), with -> with.attributes(Map.of("a", "1")).memo(new byte[] {1})), now()));
        apply(Change.remove(job));
        // when
        Job next = insert(Job.of(JobInfo.builder(job.id(), "other", now()).build(), new byte[] {5}));
        // then
        assertEquals(next, found(job.id()));
        assertSameJob(next.info(), info(job.id()));
    }

    @Test
    void letsTheAttemptsOfANewJobOfThatIdStartAtOne() {
        // given
        JobInfo job = jobIn(COMPLETED);
        apply(Change.remove(job));
        // when
        insert(aJob(job.id(), TYPE, with -> with));
        // then
        assertEquals(1, claim(1).get(0).info().attempt());
    }
}
