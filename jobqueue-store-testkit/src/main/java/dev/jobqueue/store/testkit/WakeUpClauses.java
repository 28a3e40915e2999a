package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobStatus.FAILED;
import static dev.jobqueue.job.JobStatus.PENDING;
import static dev.jobqueue.job.JobStatus.PROCESSING;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.Feature;
import dev.jobqueue.store.JoinRequest;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A store that says it wakes its nodes does so, soon after jobs became claimable, whoever wrote them. */
abstract class WakeUpClauses extends Clauses {
    private final Semaphore woken = new Semaphore(0);

    WakeUpClauses(JobStoreContract contract) {
        super(contract);
    }

    @BeforeEach
    void onlyOfStoresThatDeclareIt() {
        assumeTrue(store.traits().features().contains(Feature.WAKE_UP), "the store does not declare WAKE_UP");
    }

    @Test
    void followsAnInsert() throws InterruptedException {
        join();
        insert(aJob());
        assertWoken();
    }

    @Test
    void followsARelease() throws InterruptedException {
        assertWakes(PROCESSING, job -> Change.release(job, now()));
    }

    @Test
    void followsARetry() throws InterruptedException {
        assertWakes(FAILED, job -> Change.retry(job, now()));
    }

    @Test
    void followsARunAtThatIsAmended() throws InterruptedException {
        assertWakes(PENDING, job -> Change.amend(job, now()).withRunAt(now().minusSeconds(1)));
    }

    @Test
    void reachesEveryNode() throws InterruptedException {
        // given
        assumeTrue(store.traits().shared(), "the store admits one node at a time");
        Semaphore other = new Semaphore(0);
        join();
        store.join(JoinRequest.of(aNode("light sleeper"), LEASE, other::release));
        other.drainPermits();
        // when
        insert(aJob());
        // then
        assertWoken();
        assertWoken(other);
    }

    private void assertWakes(JobStatus status, Function<JobInfo, Change> change) throws InterruptedException {
        // given
        JobInfo job = jobIn(status);
        member().close();
        join();
        // when
        changed(change.apply(job));
        // then
        assertWoken();
    }

    private void join() {
        store.join(JoinRequest.of(aNode("sleeper"), LEASE, woken::release));
        woken.drainPermits();
    }

    private void assertWoken() throws InterruptedException {
        assertWoken(woken);
    }

    private void assertWoken(Semaphore sleeper) throws InterruptedException {
        assertTrue(sleeper.tryAcquire(patience().toMillis(), TimeUnit.MILLISECONDS), "a node was not woken");
    }
}
