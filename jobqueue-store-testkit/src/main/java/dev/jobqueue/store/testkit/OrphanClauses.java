package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobStatus.PENDING;
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
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A PROCESSING job whose owner has ended is an orphan; no other job is. */
abstract class OrphanClauses extends Clauses {
    /** How often orphans are listed while nodes come and go. */
    private static final int LISTS = 100;

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

    /** A list that asks first who is in, and then for the jobs of all others, robs a node that came in between. */
    @Test
    void areNotJobsOfANodeThatJoinedWhileTheyWereListed() throws Exception {
        // given
        insert(jobs(2));
        Map<String, Long> replaced = new ConcurrentHashMap<>();
        AtomicInteger listing = new AtomicInteger(2);
        Callable<Boolean> joinAndClaim = () -> {
            Node node = first;
            StoreSession session = join(node);
            while (listing.get() > 0) {
                List<Job> claimed = session.claim(claiming(1)).jobs();
                Node next = aNode("worker");
                replaced.put(node.text(), System.nanoTime());
                session = store.join(joining(next).replacing(node));
                node = next;
                claimed.forEach(job -> changed(Change.recover(job.info(), now())));
            }
            return true;
        };
        Callable<Boolean> list = () -> {
            try {
                for (int i = 0; i < LISTS; i++) {
                    List<JobInfo> orphans =
                            store.list(JobQuery.of(JobFilter.any().orphans())).jobs();
                    long listed = System.nanoTime();
                    orphans.forEach(job -> assertTrue(
                            replacedBy(listed, replaced.get(job.owner().orElseThrow())),
                            () -> "listed as an orphan, though its owner is live: " + job));
                }
                return true;
            } finally {
                listing.decrementAndGet();
            }
        };
        // then
        assertEquals(List.of(true, true, true), Patience.together(patience(), List.of(joinAndClaim, list, list)));
    }

    private static boolean replacedBy(long time, @Nullable Long replaced) {
        return replaced != null && replaced - time <= 0;
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
