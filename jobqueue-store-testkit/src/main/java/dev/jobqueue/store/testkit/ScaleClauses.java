package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobInfo.DEFAULT_QUEUE;
import static dev.jobqueue.job.JobStatus.PENDING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a claim costs does not grow with the jobs that it is not about. Times are compared with times of the same store on
 * the same machine, as medians, and the bound is generous: a store that looks at every job is beyond it all the same.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
abstract class ScaleClauses extends Clauses {
    private static final int CLAIM = 10;
    /** So few jobs are wanted where others stand in front that looking at the others is what a claim would cost. */
    private static final int WANTED = 2 * CLAIM;

    private static final int WARM_UPS = 30;
    private static final Duration WARM_UP = Duration.ofMillis(500);
    private static final int MEASURED = 41;
    private static final Duration MEASURED_AGAIN = Duration.ofSeconds(5);

    ScaleClauses(JobStoreContract contract) {
        super(contract);
    }

    @BeforeEach
    void onlyOfStoresThatClaimToScale() {
        assumeTrue(contract.level() == Level.SCALES, "the store claims to be correct, not to scale");
    }

    @Test
    void claimsAmongManyJobsAsAmongFew() {
        // given
        insertDue(contract.fewJobs());
        Duration few = timeOfAClaim();
        // when
        insertDue(contract.manyJobs() - contract.fewJobs());
        // then
        assertStillNoSlowerThan(few);
    }

    @Test
    void passesOverJobsOfOtherTypesAndQueues() {
        // given
        insertDue(WANTED);
        Duration few = timeOfAClaim();
        // when
        insertInFront(contract.manyJobs() / 2, "fax", job -> job);
        insertInFront(contract.manyJobs() / 2, TYPE, job -> job.queue("night"));
        // then
        assertStillNoSlowerThan(few);
    }

    @Test
    void passesOverJobsThatAreNotDue() {
        // given
        insertDue(WANTED);
        Duration few = timeOfAClaim();
        // when
        insertInFront(contract.manyJobs() / 2, TYPE, job -> job.runAt(now().plusSeconds(60)));
        insertInFront(contract.manyJobs() / 2, TYPE, job -> job.runAt(JobInfo.NEVER));
        // then
        assertStillNoSlowerThan(few);
    }

    @Test
    void passesOverFinalJobs() {
        // given
        insertDue(WANTED);
        Duration few = timeOfAClaim();
        // when
        List<Job> jobs = insertInFront(contract.manyJobs(), TYPE, job -> job);
        for (int from = 0; from < jobs.size(); from += longBatch()) {
            store.apply(jobs.subList(from, Math.min(jobs.size(), from + longBatch())).stream()
                    .map(job -> Change.cancel(job.info(), now()))
                    .toList());
        }
        // then
        assertStillNoSlowerThan(few);
    }

    /** Else {@code build()} pages through the backlog to find what it can deliver. */
    @Test
    void judgesQueuesTypesAndDueByInTheOrderOfClaims() {
        // given
        Job wanted = insert(aJob(job -> job.priority(9)));
        insertInFront(200, "fax", job -> job);
        insertInFront(200, TYPE, job -> job.queue("night"));
        insertInFront(200, TYPE, job -> job.runAt(now().plusMillis(1)));
        JobFilter filter = JobFilter.any()
                .withStatuses(Set.of(PENDING))
                .withQueues(Set.of(DEFAULT_QUEUE))
                .withTypes(Set.of(TYPE))
                .withDueBy(now());
        // when
        JobPage page = store.list(JobQuery.of(filter).in(JobOrder.CLAIM).withLimit(Math.min(100, longBatch())));
        // then
        assertEquals(List.of(wanted.id()), idsOf(page.jobs()));
    }

    private void insertDue(int number) {
        insertMany(number, TYPE, job -> job.priority(5));
    }

    private List<Job> insertInFront(int number, String type, UnaryOperator<JobInfo.Builder> with) {
        return insertMany(number, type, job -> with.apply(job.priority(0)));
    }

    private List<Job> insertMany(int number, String type, UnaryOperator<JobInfo.Builder> with) {
        return insert(Stream.generate(() -> aJob(type, with)).limit(number).toList());
    }

    /** The median, after the first ones: code that was not compiled yet is slow among few jobs, too, and would hide a growth. */
    private Duration timeOfAClaim() {
        long begin = System.nanoTime();
        for (int i = 0; i < WARM_UPS || System.nanoTime() - begin < WARM_UP.toNanos(); i++) {
            timeClaimAndRelease();
        }
        long[] times = new long[MEASURED];
        for (int i = 0; i < MEASURED; i++) {
            times[i] = timeClaimAndRelease();
        }
        Arrays.sort(times);
        return Duration.ofNanos(times[MEASURED / 2]);
    }

    /** The claim's time alone. What was claimed is given back, so that the store holds as much for the next one. */
    private long timeClaimAndRelease() {
        member();
        long begin = System.nanoTime();
        List<Job> jobs = claim(CLAIM);
        long took = System.nanoTime() - begin;
        assertEquals(CLAIM, jobs.size());
        store.apply(jobs.stream().map(job -> Change.release(job.info(), now())).toList());
        return took;
    }

    /**
     * Measures again for a while before the store is blamed: what else the machine does, and code that was not compiled
     * yet, make some claims slower. A store that looks at every job is slow every time.
     */
    private void assertStillNoSlowerThan(Duration few) {
        Duration most = few.multipliedBy(contract.mostGrowth());
        long giveUp = System.nanoTime() + MEASURED_AGAIN.toNanos();
        Duration many = timeOfAClaim();
        while (many.compareTo(most) > 0 && System.nanoTime() - giveUp < 0) {
            many = timeOfAClaim();
        }
        long micros = many.toNanos() / 1_000;
        assertTrue(
                many.compareTo(most) <= 0,
                () -> "a claim took " + few.toNanos() / 1_000 + " us, and then " + micros + " us, which is more than "
                        + contract.mostGrowth() + " times as long");
    }
}
