package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobStatus.COMPLETED;
import static dev.jobqueue.job.JobStatus.FAILED;
import static dev.jobqueue.job.JobStatus.PROCESSING;
import static dev.jobqueue.store.testkit.JobFacts.assertSameJob;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobQueueException;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.NameHeldException;
import dev.jobqueue.store.NotMemberException;
import dev.jobqueue.store.StoreSession;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A durable store has everything again when it is opened again. */
abstract class ReopeningClauses extends Clauses {
    ReopeningClauses(JobStoreContract contract) {
        super(contract);
    }

    @BeforeEach
    void onlyOfDurableStores() {
        assumeTrue(store.traits().durable(), "the store is not durable");
    }

    private void reopen() {
        store.close();
        store = contract.open(clock);
    }

    @Test
    void findsAllThatAJobCanCarry() {
        // given
        JobInfo worn = wornJob(with -> with.priority(3)
                .attributes(Map.of("traceparent", "00-4bf92f", "weather", "\uD83C\uDF27"))
                .memo(new byte[] {0, -1}));
        JobInfo job = changed(Change.release(worn, now()));
        // when
        reopen();
        // then
        assertSameJob(job, info(job.id()));
        assertArrayEquals(payloadOf(job.id()), found(job.id()).payload());
    }

    @ParameterizedTest
    @EnumSource
    void findsJobsInEveryStatus(JobStatus status) {
        // given
        JobInfo job = jobIn(status);
        // when
        reopen();
        // then
        assertSameJob(job, info(job.id()));
    }

    @Test
    void findsEveryJobOfALongBatch() {
        // given
        List<Job> jobs = insert(jobs(longBatch()));
        // when
        reopen();
        // then
        assertEquals(
                ids(jobs).stream().sorted().toList(),
                idsOf(listed(JobQuery.of(JobFilter.any()))).stream().sorted().toList());
    }

    @Test
    void findsNothingOfARemovedJob() {
        // given
        JobInfo job = jobIn(COMPLETED);
        apply(Change.remove(job));
        // when
        reopen();
        // then
        assertEquals(Optional.empty(), store.find(job.id()));
    }

    @Test
    void stillKnowsItsIds() {
        Job job = insert(aJob());
        reopen();
        assertEquals(List.of(InsertOutcome.sameId()), store.insert(List.of(job)));
    }

    @Test
    void goesOnCountingAttempts() {
        // given
        JobInfo job = changed(Change.release(claimedJob(), now()));
        // when
        reopen();
        // then
        assertEquals(2, claimAgain(join(aNode("next")), job.queue()).attempt());
    }

    @Test
    void makesOrphansOfAllThatWasProcessing() {
        // given
        assumeFalse(store.traits().shared(), "the nodes of a shared store outlive its being closed here");
        JobInfo orphan = claimedJob();
        jobIn(FAILED);
        // when
        reopen();
        StoreSession next = join(aNode("next"));
        JobInfo live = claimedJob(next, job -> job);
        // then
        assertEquals(
                List.of(orphan.id()), idsOf(listed(JobQuery.of(JobFilter.any().orphans()))));
        assertEquals(PROCESSING, info(live.id()).status());
        changed(Change.recover(orphan, now()));
        assertEquals(2, claimAgain(next, orphan.queue()).attempt());
    }

    @Test
    void stillRefusesAndTakesResultsByStatusAndAttempt() {
        // given
        JobInfo late = claimedJob();
        JobInfo open = claimedJob();
        changed(Change.recover(late, now()));
        // when
        reopen();
        // then
        assertEquals(ApplyOutcome.stale(JobStatus.PENDING, 1), apply(Change.complete(late, now())));
        assertEquals(COMPLETED, changed(Change.complete(open, now())).status());
    }

    @Test
    void letsTheNextNodeInAtOnce() {
        // given
        assumeFalse(store.traits().shared(), "the nodes of a shared store outlive its being closed here");
        Node old = aNode("worker");
        join(old);
        insert(aJob());
        // when
        reopen();
        // then
        assertEquals(1, join(aNode("worker")).claim(claiming(1)).jobs().size());
    }

    @Test
    void keepsTheNodesOfASharedStore() {
        // given
        assumeTrue(store.traits().shared(), "the store admits one node at a time");
        Node live = aNode("worker");
        claimedJob(join(live), job -> job);
        Node left = aNode("other");
        join(left).close();
        // when
        reopen();
        // then
        assertEquals(List.of(), listed(JobQuery.of(JobFilter.any().orphans())));
        assertThrows(NameHeldException.class, () -> join(aNode(live.name())));
        assertThrows(NotMemberException.class, () -> join(left));
        assertEquals(Optional.empty(), join(live).heartbeat(Set.of()).ended());
    }

    @Test
    void doesNotLetASessionOfBeforeClaim() {
        // given
        StoreSession before = member();
        Job job = insert(aJob());
        // when
        reopen();
        // then
        assertThrows(JobQueueException.class, () -> before.claim(claiming(1)));
        assertSameJob(job.info(), info(job.id()));
        assertEquals(Set.of(), Set.copyOf(listed(JobQuery.of(JobFilter.any().withStatuses(Set.of(PROCESSING))))));
    }
}
