package dev.jobqueue.store.testkit;

import static dev.jobqueue.store.testkit.JobFacts.assertSameJob;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobLimits;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.InsertOutcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How jobs get into a store. */
abstract class InsertClauses extends Clauses {
    /** A payload of more than this is not tried: the test would need too much memory. */
    private static final int LARGEST_TRIED = 32 * 1024 * 1024;

    InsertClauses(JobStoreContract contract) {
        super(contract);
    }

    @Test
    void storesWhatItAcknowledges() {
        // given
        List<Job> jobs = jobs(3);
        // when
        List<InsertOutcome> outcomes = store.insert(jobs);
        // then
        assertEquals(Collections.nCopies(3, InsertOutcome.stored()), outcomes);
        jobs.forEach(job -> assertEquals(job, found(job.id())));
    }

    @Test
    void takesALongBatch() {
        List<Job> jobs = jobs(longBatch());
        assertEquals(Collections.nCopies(jobs.size(), InsertOutcome.stored()), store.insert(jobs));
        jobs.forEach(job -> assertEquals(job, found(job.id())));
    }

    @Test
    void leavesAJobOfTheSameIdAsItIs() {
        // given
        Job first = insert(aJob());
        Job second =
                Job.of(JobInfo.builder(first.id(), "other", now()).priority(1).build(), new byte[] {1, 2, 3});
        // when
        List<InsertOutcome> outcomes = store.insert(List.of(second));
        // then
        assertEquals(List.of(InsertOutcome.sameId()), outcomes);
        assertEquals(first, found(first.id()));
    }

    @ParameterizedTest
    @EnumSource
    void leavesAJobOfTheSameIdAsItIsWhateverItsStatus(JobStatus status) {
        // given
        JobInfo there = jobIn(status);
        // when
        List<InsertOutcome> outcomes = store.insert(List.of(aJob(there.id(), TYPE, job -> job)));
        // then
        assertEquals(List.of(InsertOutcome.sameId()), outcomes);
        assertSameJob(there, info(there.id()));
    }

    @Test
    void storesTheOthersOfABatchWithAKnownId() {
        // given
        Job known = insert(aJob());
        List<Job> batch = List.of(aJob(), known, aJob());
        // when
        List<InsertOutcome> outcomes = store.insert(batch);
        // then
        assertEquals(List.of(InsertOutcome.stored(), InsertOutcome.sameId(), InsertOutcome.stored()), outcomes);
        batch.forEach(job -> assertEquals(job, found(job.id())));
    }

    @Test
    void refusesAnEmptyBatch() {
        assertThrows(IllegalArgumentException.class, () -> store.insert(List.of()));
    }

    @Test
    void refusesABatchThatIsTooLongAndStoresNoneOfIt() {
        // given
        assumeTrue(store.traits().maxBatch() <= 10 * LONG_BATCH, "the longest batch is too long to try a longer one");
        List<Job> jobs = jobs(store.traits().maxBatch() + 1);
        // then
        assertThrows(IllegalArgumentException.class, () -> store.insert(jobs));
        assertNotThere(jobs.get(0));
    }

    @Test
    void refusesABatchThatNamesAJobTwiceAndStoresNoneOfIt() {
        // given
        Job job = aJob();
        Job other = aJob();
        // then
        assertThrows(IllegalArgumentException.class, () -> store.insert(List.of(other, job, job)));
        assertNotThere(other);
        assertNotThere(job);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PENDING")
    void refusesABatchWithAJobThatIsNotPendingAndStoresNoneOfIt(JobStatus status) {
        Job begun = aJob(job -> job.status(status)
                .owner(status == JobStatus.PROCESSING ? aNode("elsewhere").text() : null)
                .finishedAt(status.isFinal() ? now() : null));
        assertRefusedWithItsBatch(begun);
    }

    @Test
    void refusesABatchWithAJobThatWasClaimedBeforeAndStoresNoneOfIt() {
        assertRefusedWithItsBatch(aJob(job -> job.attempt(1)));
    }

    @Test
    void refusesABatchWithAJobThatFailedBeforeAndStoresNoneOfIt() {
        assertRefusedWithItsBatch(aJob(job -> job.failures(1)));
        assertRefusedWithItsBatch(aJob(job -> job.error("it rained")));
    }

    @Test
    void refusesABatchWithAJobThatCrashedBeforeAndStoresNoneOfIt() {
        assertRefusedWithItsBatch(aJob(job -> job.crashes(1)));
    }

    @Test
    void refusesABatchWithTooManyAttributesAndStoresNoneOfIt() {
        Map<String, String> attributes = new HashMap<>();
        for (int i = 0; i <= JobLimits.STORED_ATTRIBUTES; i++) {
            attributes.put("key " + i, "");
        }
        assertRefusedWithItsBatch(aJob(job -> job.attributes(attributes)));
    }

    @Test
    void refusesABatchWithATooLargePayloadAndStoresNoneOfIt() {
        int largest = store.traits().maxPayload();
        assumeTrue(largest <= LARGEST_TRIED, "the largest payload is too large to try a larger one");
        assertRefusedWithItsBatch(Job.of(aJob().info(), new byte[largest + 1]));
    }

    private void assertRefusedWithItsBatch(Job bad) {
        // given
        List<Job> good = jobs(2);
        List<Job> batch = new ArrayList<>(good);
        batch.add(1, bad);
        // then
        assertThrows(IllegalArgumentException.class, () -> store.insert(batch));
        batch.forEach(this::assertNotThere);
        assertEquals(Collections.nCopies(2, InsertOutcome.stored()), store.insert(good), "the store works afterwards");
    }
}
