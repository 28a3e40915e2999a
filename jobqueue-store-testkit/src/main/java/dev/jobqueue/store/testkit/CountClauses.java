package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobInfo.DEFAULT_QUEUE;
import static dev.jobqueue.job.JobStatus.CANCELLED;
import static dev.jobqueue.job.JobStatus.COMPLETED;
import static dev.jobqueue.job.JobStatus.FAILED;
import static dev.jobqueue.job.JobStatus.PENDING;
import static dev.jobqueue.job.JobStatus.PROCESSING;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobCount;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How many jobs there are, by queue, type and status. A count may be a second old. */
abstract class CountClauses extends Clauses {
    CountClauses(JobStoreContract contract) {
        super(contract);
    }

    @Test
    void areByQueueTypeAndStatus() {
        // given
        insert(aJob(job -> job.queue("night")));
        insert(aJob(job -> job.queue("night")));
        insert(aJob("fax", job -> job.queue("night")));
        insert(aJob(job -> job.runAt(JobInfo.NEVER)));
        insert(aJob());
        insert(aJob());
        JobInfo done = claim(1).get(0).info();
        changed(Change.complete(done, now()));
        // then
        assertCounts(
                EnumSet.allOf(JobStatus.class),
                JobCount.of("night", TYPE, PENDING, 2),
                JobCount.of("night", "fax", PENDING, 1),
                JobCount.of(DEFAULT_QUEUE, TYPE, PENDING, 2),
                JobCount.of(DEFAULT_QUEUE, TYPE, COMPLETED, 1));
    }

    @Test
    void areOfTheAskedStatusesAlone() {
        // given
        insert(aJob());
        insert(aJob(job -> job.priority(1)));
        insert(aJob(job -> job.priority(1)));
        changed(Change.fail(claim(1).get(0).info(), now(), "no such address"));
        claim(1);
        // then
        assertCounts(Set.of(PENDING), JobCount.of(DEFAULT_QUEUE, TYPE, PENDING, 1));
        assertCounts(
                Set.of(FAILED, PROCESSING),
                JobCount.of(DEFAULT_QUEUE, TYPE, FAILED, 1),
                JobCount.of(DEFAULT_QUEUE, TYPE, PROCESSING, 1));
        assertCounts(Set.of(CANCELLED));
    }

    @Test
    void leaveOutWhatIsNotThere() {
        assertCounts(EnumSet.allOf(JobStatus.class));
    }

    @Test
    void followEveryChange() {
        // given
        insert(aJob());
        // then
        JobInfo job = claim(1).get(0).info();
        assertCounts(EnumSet.allOf(JobStatus.class), JobCount.of(DEFAULT_QUEUE, TYPE, PROCESSING, 1));
        job = changed(Change.failAndRetry(job, now(), now(), "busy"));
        assertCounts(EnumSet.allOf(JobStatus.class), JobCount.of(DEFAULT_QUEUE, TYPE, PENDING, 1));
        job = changed(Change.cancel(job, now()));
        assertCounts(EnumSet.allOf(JobStatus.class), JobCount.of(DEFAULT_QUEUE, TYPE, CANCELLED, 1));
        apply(Change.remove(job));
        assertCounts(EnumSet.allOf(JobStatus.class));
    }

    private void assertCounts(Set<JobStatus> statuses, JobCount... expected) {
        clock.advance(Duration.ofSeconds(1));
        Set<JobCount> all = Set.of(expected);
        Patience.until(patience(), () -> all.equals(new HashSet<>(store.counts(statuses))));
        assertEquals(expected.length, store.counts(statuses).size());
        assertEquals(all, new HashSet<>(store.counts(statuses)));
    }
}
