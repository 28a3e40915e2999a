package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobStatus.COMPLETED;
import static dev.jobqueue.job.JobStatus.PENDING;
import static dev.jobqueue.job.JobStatus.PROCESSING;
import static dev.jobqueue.store.testkit.JobFacts.assertSameJob;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.StoreSession;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who never got an answer asks again, and learns from the second answer what became of the first call. */
abstract class LostAnswerClauses extends Clauses {
    LostAnswerClauses(JobStoreContract contract) {
        super(contract);
    }

    @Test
    void letABatchBeInsertedAgain() {
        // given
        List<Job> batch = insert(jobs(3));
        // then
        assertEquals(Collections.nCopies(3, InsertOutcome.sameId()), store.insert(batch));
        batch.forEach(job -> assertSameJob(job.info(), info(job.id())));
    }

    @Test
    void letABatchBeInsertedAgainAlthoughItsJobsHaveMovedOn() {
        // given
        List<Job> batch = insert(jobs(2));
        JobInfo claimed = claim(1).get(0).info();
        // then
        assertEquals(Collections.nCopies(2, InsertOutcome.sameId()), store.insert(batch));
        assertSameJob(claimed, info(claimed.id()));
    }

    @Test
    void letAResultBeSentAgainWhichFindsItselfDone() {
        // given
        JobInfo job = claimedJob();
        Change complete = Change.complete(job, now());
        changed(complete);
        // then
        assertEquals(ApplyOutcome.stale(COMPLETED, job.attempt()), apply(complete));
    }

    @Test
    void letARetryBeSentAgainWithoutCountingTwice() {
        // given
        JobInfo job = claimedJob();
        Change retry = Change.failAndRetry(job, now(), now().plusSeconds(1), "busy");
        changed(retry);
        // then
        assertEquals(ApplyOutcome.stale(PENDING, job.attempt()), apply(retry));
        assertEquals(1, info(job.id()).failures());
    }

    @Test
    void letABatchBeAppliedAgainOfWhichAPartWasDone() {
        // given
        Change done = Change.complete(claimedJob(), now());
        Change open = Change.complete(claimedJob(), now());
        changed(done);
        // then
        assertEquals(
                List.of(ApplyOutcome.stale(COMPLETED, 1), ApplyOutcome.applied()), store.apply(List.of(done, open)));
    }

    @Test
    void letARemovalBeSentAgain() {
        Change remove = Change.remove(jobIn(COMPLETED));
        assertEquals(ApplyOutcome.applied(), apply(remove));
        assertEquals(ApplyOutcome.missing(), apply(remove));
    }

    @Test
    void letAnAmendmentBeSentAgain() {
        // given
        Change amend = Change.amend(jobIn(PENDING), now()).withAttribute("a", "1");
        JobInfo once = changed(amend);
        // then
        assertSameJob(once, changed(amend));
    }

    @Test
    void ofAClaimAreFoundByTheNodesOwnName() {
        // given
        Node node = aNode("worker");
        StoreSession session = join(node);
        insert(jobs(5));
        Set<JobId> lost = new HashSet<>(ids(session.claim(claiming(3)).jobs()));
        // when
        List<JobInfo> mine = listed(
                JobQuery.of(JobFilter.any().withStatuses(Set.of(PROCESSING)).withOwner(node.text()))
                        .in(JobOrder.STORE));
        // then
        assertEquals(lost, new HashSet<>(idsOf(mine)));
        mine.forEach(job -> changed(Change.release(job, now())));
        assertEquals(5, session.claim(claiming(9)).jobs().size());
    }

    @Test
    void letANodeJoinAgain() {
        // given
        Node node = aNode("worker");
        StoreSession unheard = join(node);
        StoreSession session = join(node);
        insert(jobs(2));
        // then
        assertEquals(1, session.claim(claiming(1)).jobs().size());
        assertEquals(1, unheard.claim(claiming(1)).jobs().size());
    }

    @Test
    void letANodeReplaceAnotherAgain() {
        // given
        Node old = aNode("worker");
        join(old);
        Node node = aNode("worker");
        store.join(joining(node).replacing(old));
        // when
        StoreSession session = store.join(joining(node).replacing(old));
        // then
        insert(aJob());
        assertEquals(1, session.claim(claiming(1)).jobs().size());
    }
}
