package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobStatus.COMPLETED;
import static dev.jobqueue.job.JobStatus.FAILED;
import static dev.jobqueue.job.JobStatus.PENDING;
import static dev.jobqueue.job.JobStatus.PROCESSING;
import static dev.jobqueue.store.testkit.JobFacts.assertSameJob;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobLimits;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every transition of the table is written as {@link Change#applyTo} says, and nothing else is. */
abstract class ApplyClauses extends Clauses {
    ApplyClauses(JobStoreContract contract) {
        super(contract);
    }

    @Test
    void completes() {
        assertWritten(claimed(), job -> Change.complete(job, now()));
    }

    @Test
    void fails() {
        assertWritten(claimed(), job -> Change.fail(job, now(), "no such address"));
    }

    @Test
    void failsAndRetriesInOneWrite() {
        assertWritten(claimed(), job -> Change.failAndRetry(job, now(), now().plusMillis(1_234), "busy"));
    }

    @Test
    void retries() {
        JobInfo failed = changed(Change.fail(claimed(), now(), "no such address"));
        assertWritten(failed, job -> Change.retry(job, now()));
    }

    @Test
    void recovers() {
        assertWritten(claimed(), job -> Change.recover(job, now()));
    }

    @Test
    void quarantines() {
        assertWritten(claimed(), job -> Change.quarantine(job, now(), "it kept ending its process"));
    }

    @Test
    void releases() {
        assertWritten(claimed(), job -> Change.release(job, now()));
    }

    @Test
    void snoozes() {
        assertWritten(claimed(), job -> Change.snooze(job, now(), now().plusSeconds(77)));
    }

    @Test
    void cancelsAJobThatIsProcessing() {
        assertWritten(claimed(), job -> Change.cancel(job, now()));
    }

    @Test
    void cancelsAJobThatIsPending() {
        assertWritten(jobIn(PENDING), job -> Change.cancel(job, now()));
    }

    @Test
    void writesAttributesAndMemoAlongWithATransition() {
        assertWritten(
                claimed(),
                job -> Change.complete(job, now())
                        .withMemo(new byte[] {1, 2})
                        .withAttribute("result", "sent")
                        .withAttribute("kept", "no")
                        .withoutAttribute("gone"));
    }

    @Test
    void writesALongestError() {
        assertWritten(claimed(), job -> Change.fail(job, now(), "\u20AC'\"\\".repeat(JobLimits.ERROR_LENGTH / 4)));
    }

    /** One with something in every field, so that a change that writes too much shows. */
    private JobInfo claimed() {
        return wornJob(job -> job.priority(2)
                .runAt(now().minusSeconds(100))
                .attributes(Map.of("kept", "yes", "gone", "soon"))
                .memo(new byte[] {9}));
    }

    private void assertWritten(JobInfo before, Function<JobInfo, Change> making) {
        // given
        JobInfo neighbour = jobIn(before.status());
        clock.advance(Duration.ofMillis(4_321));
        Change change = making.apply(before);
        // when
        ApplyOutcome outcome = apply(change);
        // then
        JobInfo expected = change.applyTo(before).orElseThrow();
        assertEquals(ApplyOutcome.applied(), outcome);
        assertSameJob(expected, info(before.id()));
        assertEquals(Job.of(expected, payloadOf(before.id())), found(before.id()));
        assertSameJob(neighbour, info(neighbour.id()));
    }

    @Test
    void saysWhatStandsThereWhenAChangeIsStale() {
        // given
        JobInfo seen = claimedJob();
        changed(Change.complete(seen, now()));
        // then
        assertEquals(ApplyOutcome.stale(COMPLETED, 1), apply(Change.fail(seen, now(), "late")));
        assertEquals(COMPLETED, info(seen.id()).status());
    }

    @Test
    void saysThatAJobIsMissing() {
        assertEquals(ApplyOutcome.missing(), apply(Change.cancel(aJob().info(), now())));
    }

    @Test
    void appliesWhatHoldsOfAMixedBatchAndAnswersInOrder() {
        // given
        JobInfo good = claimedJob();
        JobInfo late = claimedJob();
        changed(Change.release(late, now()));
        JobInfo again = claimAgain(member(), late.queue());
        JobInfo alsoGood = jobIn(FAILED);
        // when
        List<ApplyOutcome> outcomes = store.apply(List.of(
                Change.complete(good, now()),
                Change.complete(late, now()),
                Change.cancel(aJob().info(), now()),
                Change.retry(alsoGood, now())));
        // then
        assertEquals(
                List.of(
                        ApplyOutcome.applied(),
                        ApplyOutcome.stale(PROCESSING, 2),
                        ApplyOutcome.missing(),
                        ApplyOutcome.applied()),
                outcomes);
        assertEquals(COMPLETED, info(good.id()).status());
        assertSameJob(again, info(late.id()));
        assertEquals(PENDING, info(alsoGood.id()).status());
    }

    @Test
    void takesALongBatch() {
        // given
        List<Job> jobs = insert(jobs(longBatch()));
        List<Change> changes = claim(jobs.size()).stream()
                .map(job -> Change.complete(job.info(), now()))
                .toList();
        // when
        List<ApplyOutcome> outcomes = store.apply(changes);
        // then
        assertEquals(Collections.nCopies(jobs.size(), ApplyOutcome.applied()), outcomes);
        assertEquals(COMPLETED, info(jobs.get(jobs.size() - 1).id()).status());
    }

    @Test
    void refusesAnEmptyBatch() {
        assertThrows(IllegalArgumentException.class, () -> store.apply(List.of()));
    }

    @Test
    void refusesABatchThatNamesAJobTwiceAndAppliesNoneOfIt() {
        // given
        JobInfo other = claimedJob();
        JobInfo twice = claimedJob();
        // then
        assertThrows(
                IllegalArgumentException.class,
                () -> store.apply(List.of(
                        Change.complete(other, now()), Change.release(twice, now()), Change.complete(twice, now()))));
        assertSameJob(other, info(other.id()));
        assertSameJob(twice, info(twice.id()));
    }

    @Test
    void refusesABatchThatIsTooLongAndAppliesNoneOfIt() {
        // given
        assumeTrue(store.traits().maxBatch() <= 10 * LONG_BATCH, "the longest batch is too long to try a longer one");
        JobInfo job = jobIn(PENDING);
        List<Change> changes = Stream.concat(
                        Stream.of(job), jobs(store.traits().maxBatch()).stream().map(Job::info))
                .map(each -> Change.cancel(each, now()))
                .collect(Collectors.toList());
        // then
        assertThrows(IllegalArgumentException.class, () -> store.apply(changes));
        assertSameJob(job, info(job.id()));
    }
}
