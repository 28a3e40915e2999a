package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobStatus.PENDING;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.StoreSession;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A PROCESSING job whose owner has ended is an orphan; no other job is. */
abstract class OrphanClauses extends Clauses {
    private final Node first = aNode("worker");
    private final Node second = aNode("worker");

    OrphanClauses(JobStoreContract contract) {
        super(contract);
    }

    @Test
    void areNotJobsOfALiveNode() {
        // given
        StoreSession session = join(first);
        claimedJob(session, job -> job);
        clock.advance(Duration.ofMillis(100));
        session.heartbeat(Set.of());
        // then
        assertOrphans();
    }

    @Test
    void areJobsOfANodeThatWasReplaced() {
        // given
        JobInfo orphan = claimedJob(join(first), job -> job);
        // when
        StoreSession next = store.join(joining(second).replacing(first));
        claimedJob(next, job -> job);
        // then
        assertOrphans(orphan);
    }

    @Test
    void areJobsOfANodeThatLeft() {
        // given
        StoreSession session = join(first);
        JobInfo orphan = claimedJob(session, job -> job);
        // when
        session.close();
        // then
        assertOrphans(orphan);
    }

    @Test
    void areNotJobsInOtherStatuses() {
        // given
        Arrays.stream(JobStatus.values())
                .filter(status -> status != JobStatus.PROCESSING)
                .forEach(this::jobIn);
        // when
        member().close();
        // then
        assertOrphans();
    }

    @Test
    void areOrphansNoMoreOnceTheyAreRecovered() {
        // given
        StoreSession old = join(first);
        JobInfo orphan = claimedJob(old, job -> job);
        JobInfo other = claimedJob(old, job -> job);
        StoreSession next = store.join(joining(second).replacing(first));
        // when
        JobInfo recovered = changed(Change.recover(orphan, now()));
        // then
        assertEquals(PENDING, recovered.status());
        assertEquals(1, recovered.crashes());
        assertOrphans(other);
        claimAgain(next, orphan.queue());
        assertOrphans(other);
    }

    @Test
    void areOrphansNoMoreOnceTheirLateResultCame() {
        // given
        StoreSession old = join(first);
        JobInfo orphan = claimedJob(old, job -> job);
        store.join(joining(second).replacing(first));
        // when
        changed(Change.complete(orphan, now()));
        // then
        assertOrphans();
    }

    @Test
    void ofSeveralEndedNodesAreAllFound() {
        // given
        JobInfo one = claimedJob(join(first), job -> job);
        StoreSession next = store.join(joining(second).replacing(first));
        JobInfo two = claimedJob(next, job -> job);
        next.close();
        // when
        join(aNode("third"));
        // then
        assertOrphans(one, two);
    }

    private void assertOrphans(JobInfo... expected) {
        Set<JobId> ids = new HashSet<>();
        for (JobInfo job : expected) {
            ids.add(job.id());
        }
        JobQuery query = JobQuery.of(JobFilter.any().orphans()).in(JobOrder.STORE);
        assertEquals(ids, new HashSet<>(idsOf(listed(query))));
    }
}
