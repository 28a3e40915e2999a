package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobStatus.CANCELLED;
import static dev.jobqueue.job.JobStatus.COMPLETED;
import static dev.jobqueue.job.JobStatus.PENDING;
import static dev.jobqueue.job.JobStatus.PROCESSING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.StoreSession;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A list shows every job that meets the filter; and, as to ids, statuses, owner and orphaned, no other. */
abstract class FilterClauses extends Clauses {
    FilterClauses(JobStoreContract contract) {
        super(contract);
    }

    @ParameterizedTest
    @EnumSource
    void judgesStatuses(JobStatus status) {
        // given
        List<JobInfo> jobs = Arrays.stream(JobStatus.values()).map(this::jobIn).toList();
        List<JobInfo> wanted =
                jobs.stream().filter(job -> job.status() == status).toList();
        List<JobInfo> others =
                jobs.stream().filter(job -> job.status() != status).toList();
        // then
        assertListed(JobFilter.any().withStatuses(Set.of(status)), wanted.toArray(JobInfo[]::new));
        assertListed(
                JobFilter.any().withStatuses(EnumSet.complementOf(EnumSet.of(status))), others.toArray(JobInfo[]::new));
    }

    @Test
    void showsAllJobsToWhoAsksForAny() {
        JobInfo[] jobs = Arrays.stream(JobStatus.values()).map(this::jobIn).toArray(JobInfo[]::new);
        assertListed(JobFilter.any(), jobs);
    }

    @Test
    void judgesIds() {
        // given
        JobInfo pending = jobIn(PENDING);
        JobInfo completed = jobIn(COMPLETED);
        jobIn(PENDING);
        // then
        assertListed(
                JobFilter.any().withIds(Set.of(pending.id(), completed.id(), JobId.of("nobody"))), pending, completed);
        assertListed(JobFilter.any().withIds(Set.of(JobId.of("nobody"))));
    }

    @Test
    void judgesManyIds() {
        // given
        List<Job> jobs = insert(jobs(longBatch()));
        Set<JobId> some = new HashSet<>(ids(jobs.subList(0, jobs.size() - 1)));
        // then
        assertListed(
                JobFilter.any().withIds(some),
                jobs.subList(0, jobs.size() - 1).stream().map(Job::info).toArray(JobInfo[]::new));
    }

    @Test
    void judgesTheOwner() {
        // given
        Node first = aNode("worker");
        StoreSession session = join(first);
        JobInfo orphan = claimedJob(session, job -> job);
        Node second = aNode("worker");
        StoreSession next = store.join(joining(second).replacing(first));
        JobInfo live = claimedJob(next, job -> job);
        changed(Change.complete(claimedJob(next, job -> job), now()));
        jobIn(PENDING);
        // then
        assertListed(JobFilter.any().withOwner(first.text()), orphan);
        assertListed(JobFilter.any().withOwner(second.text()), live);
        assertListed(JobFilter.any().withOwner(second.text()).withStatuses(Set.of(PROCESSING)), live);
        assertListed(JobFilter.any().withOwner(aNode("worker").text()));
    }

    @Test
    void judgesOrphaned() {
        // given
        JobInfo orphan = claimedJob();
        member().close();
        StoreSession next = join(aNode("next"));
        JobInfo live = claimedJob(next, job -> job);
        changed(Change.complete(claimedJob(next, job -> job), now()));
        insert(aJob());
        // then
        assertListed(JobFilter.any().orphans(), orphan);
        assertListed(JobFilter.any().orphans().withIds(Set.of(live.id())));
        assertListed(JobFilter.any().orphans().withIds(Set.of(orphan.id())), orphan);
        assertListed(JobFilter.any().orphans().withOwner(orphan.owner().orElseThrow()), orphan);
        assertListed(JobFilter.any().orphans().withStatuses(Set.of(COMPLETED)));
    }

    @Test
    void judgesAllConditionsTogether() {
        // given
        JobInfo wanted = jobIn(CANCELLED);
        JobInfo otherStatus = jobIn(PENDING);
        jobIn(CANCELLED);
        // then
        assertListed(
                JobFilter.any()
                        .withIds(Set.of(wanted.id(), otherStatus.id()))
                        .withStatuses(Set.of(CANCELLED, COMPLETED)),
                wanted);
    }

    @Test
    void losesNoJobOfAnAskedQueue() {
        insert(aJob(job -> job.queue("day")));
        insert(aJob(job -> job.queue("night")));
        insert(aJob(job -> job.queue("noon")));
        assertNoneLost(JobFilter.any().withQueues(Set.of("day", "noon")), 2);
    }

    @Test
    void losesNoJobOfAnAskedType() {
        insert(aJob("mail", job -> job));
        insert(aJob("Mail", job -> job));
        insert(aJob("fax", job -> job));
        assertNoneLost(JobFilter.any().withTypes(Set.of("mail", "fax")), 2);
    }

    @Test
    void losesNoJobThatIsDueByThen() {
        insert(aJob(job -> job.runAt(now().plusMillis(999))));
        insert(aJob(job -> job.runAt(now().plusMillis(1_000))));
        insert(aJob(job -> job.runAt(now().plusMillis(1_001))));
        assertNoneLost(JobFilter.any().withDueBy(now().plusMillis(1_000)), 2);
    }

    @Test
    void losesNoJobInTheOrderOfClaimsAsBuildAsksForIt() {
        // given
        insert(aJob());
        insert(aJob(job -> job.runAt(now().plusSeconds(1))));
        insert(aJob(job -> job.queue("night")));
        insert(aJob("fax", job -> job));
        claimedJob();
        // then
        assertNoneLost(
                JobFilter.any()
                        .withStatuses(Set.of(PENDING))
                        .withQueues(Set.of(JobInfo.DEFAULT_QUEUE))
                        .withTypes(Set.of(TYPE))
                        .withDueBy(now()),
                1);
    }

    private void assertListed(JobFilter filter, JobInfo... expected) {
        for (JobOrder order : ordersFor(filter)) {
            List<JobInfo> listed = listed(JobQuery.of(filter).in(order).withLimit(Math.min(3, longBatch())));
            assertEquals(
                    Arrays.stream(expected).map(JobInfo::id).sorted().toList(),
                    idsOf(listed).stream().sorted().toList(),
                    () -> "listed in order " + order + ": " + filter);
        }
    }

    /** The rest of a filter is for the caller to judge; but what meets it must be there. */
    private void assertNoneLost(JobFilter filter, int expected) {
        for (JobOrder order : ordersFor(filter)) {
            List<JobInfo> listed = listed(JobQuery.of(filter).in(order).withLimit(2));
            assertEquals(expected, listed.stream().filter(filter::matches).count(), () -> "listed in order " + order);
            assertTrue(listed.stream()
                    .allMatch(job ->
                            filter.statuses().isEmpty() || filter.statuses().contains(job.status())));
        }
    }

    /** The order of claims is for PENDING jobs alone. */
    private static List<JobOrder> ordersFor(JobFilter filter) {
        return filter.statuses().equals(Set.of(PENDING))
                ? List.of(JobOrder.values())
                : List.of(JobOrder.STORE, JobOrder.NEWEST);
    }
}
