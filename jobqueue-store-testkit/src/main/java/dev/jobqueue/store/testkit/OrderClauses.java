package dev.jobqueue.store.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimSlot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The order in which a store gives out jobs: priority, run-at, id, all ascending. */
abstract class OrderClauses extends Clauses {
    private static final Comparator<JobInfo> CLAIM_ORDER = Comparator.comparingInt(JobInfo::priority)
            .thenComparing(JobInfo::runAt)
            .thenComparing(JobInfo::id);

    OrderClauses(JobStoreContract contract) {
        super(contract);
    }

    @Test
    void prefersTheLowerPriority() {
        assertClaimedAsListed(IntStream.rangeClosed(0, 9)
                .mapToObj(priority -> aJob(job -> job.priority(priority).runAt(now().minusSeconds(priority))))
                .toList());
    }

    @Test
    void prefersTheEarlierRunAtAmongEqualPriorities() {
        assertClaimedAsListed(LongStream.of(90_000, 60_000, 2_000, 1_001, 1_000, 1, 0)
                .mapToObj(early -> aJob(job -> job.runAt(now().minusMillis(early))))
                .toList());
    }

    @Test
    void prefersTheLowerIdAmongEqualRunAts() {
        assertClaimedAsListed(LongStream.range(1, 20)
                .mapToObj(id -> aJob(JobId.of(new UUID(7, id)), TYPE, job -> job))
                .toList());
    }

    /** As text they ascend; {@link UUID#compareTo} would have the last ones first. */
    @Test
    void ordersIdsAsTheirTextIs() {
        assertClaimedAsListed(List.of(
                        "00000000-0000-0000-0000-000000000001",
                        "00000000-0000-0000-8000-000000000000",
                        "7fffffff-ffff-7fff-bfff-ffffffffffff",
                        "80000000-0000-0000-0000-000000000000",
                        "80000000-0000-0000-7fff-ffffffffffff",
                        "80000000-0000-0000-ffff-ffffffffffff",
                        "ffffffff-ffff-ffff-0000-000000000000",
                        "ffffffff-ffff-ffff-ffff-ffffffffffff")
                .stream()
                .map(id -> aJob(JobId.parse(id), TYPE, job -> job))
                .toList());
    }

    @Test
    void ordersByAllThreeOverManyClaimsAndTypes() {
        // given
        Random random = new Random(42);
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            jobs.add(aJob(
                    "type " + random.nextInt(3),
                    job -> job.priority(random.nextInt(3)).runAt(now().minusSeconds(random.nextInt(3)))));
        }
        insert(jobs);
        ClaimSlot all = ClaimSlot.of(JobInfo.DEFAULT_QUEUE, Set.of("type 0", "type 1", "type 2"), 9);
        // when
        List<JobId> claimed = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            claimed.addAll(ids(member().claim(claiming(9, all)).jobs()));
        }
        // then
        assertEquals(
                jobs.stream()
                        .map(Job::info)
                        .sorted(CLAIM_ORDER)
                        .map(JobInfo::id)
                        .toList(),
                claimed);
    }

    @Test
    void followsAnAmendedPriorityAndRunAt() {
        // given
        Job first = insert(aJob(job -> job.priority(1).runAt(now().minusSeconds(9))));
        Job second = insert(aJob(job -> job.priority(2).runAt(now().minusSeconds(5))));
        Job third = insert(aJob(job -> job.priority(2).runAt(now().minusSeconds(4))));
        // when
        changed(Change.amend(first.info(), now()).withPriority(9));
        changed(Change.amend(third.info(), now()).withRunAt(now().minusSeconds(6)));
        // then
        assertEquals(List.of(third.id(), second.id(), first.id()), ids(claim(3)));
    }

    @Test
    void keepsAReleasedJobsPlace() {
        // given
        List<Job> jobs = insert(IntStream.range(0, 3)
                .mapToObj(i -> aJob(job -> job.runAt(now().minusSeconds(9 - i))))
                .toList());
        JobInfo first = claim(1).get(0).info();
        // when
        changed(Change.release(first, now()));
        // then
        assertEquals(ids(jobs), ids(claim(3)));
    }

    /** Inserts the jobs in an order of chance, and claims them in two steps. */
    private void assertClaimedAsListed(List<Job> jobs) {
        // given
        List<Job> shuffled = new ArrayList<>(jobs);
        Collections.shuffle(shuffled, new Random(1));
        insert(shuffled);
        // when
        List<JobId> claimed = new ArrayList<>(ids(claim(3)));
        claimed.addAll(ids(claim(jobs.size())));
        // then
        assertEquals(ids(jobs), claimed);
    }
}
