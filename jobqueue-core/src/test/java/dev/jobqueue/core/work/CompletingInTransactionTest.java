package dev.jobqueue.core.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.AttemptEndedException;
import dev.jobqueue.JobHandler;
import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.event.JobCompleted;
import dev.jobqueue.event.JobRetryScheduled;
import dev.jobqueue.event.ResultRefused;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JobWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A handler that completes its job along with what it writes. */
class CompletingInTransactionTest {
    private final AtomicReference<OneWorker> world = new AtomicReference<>();

    private OneWorker oneWorker(JobHandler code) {
        world.set(new OneWorker(code));
        return world.get();
    }

    /** What is applied stands at the commit, and not before. */
    private final class Transaction implements JobWriter {
        private final List<Change> changes = new ArrayList<>();

        @Override
        public List<InsertOutcome> insert(List<Job> jobs) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<ApplyOutcome> apply(List<Change> batch) {
            changes.addAll(batch);
            return batch.stream()
                    .map(change -> change.holds(world.get()
                                    .store
                                    .find(change.id())
                                    .orElseThrow()
                                    .info())
                            ? ApplyOutcome.applied()
                            : ApplyOutcome.missing())
                    .toList();
        }

        void commit() {
            world.get().store.apply(changes);
        }
    }

    @Test
    void isNotCompletedWhenItIsToRunAgain() {
        // given
        OneWorker one = oneWorker(job -> {
            job.snooze(Duration.ofMinutes(1));
            job.complete(new Transaction());
        });
        // when
        JobInfo job = one.ran(one.claimed("a"));
        // then
        assertEquals(JobStatus.PENDING, job.status());
        assertEquals(1, job.failures());
        assertTrue(job.error().orElseThrow().contains("asked for job " + job.id() + " to run again after PT1M"));
    }

    @Test
    void isCompletedByTheCommit() {
        // given
        OneWorker one = oneWorker(job -> {
            Transaction transaction = new Transaction();
            job.complete(transaction);
            transaction.commit();
            world.get().platform.advance(Duration.ofSeconds(2));
        });
        // when
        JobInfo job = one.ran(one.claimed("a"));
        // then
        assertEquals(JobStatus.COMPLETED, job.status());
        assertEquals(Duration.ofSeconds(2), one.heard.only(JobCompleted.class).took());
        assertEquals(List.of(), one.heard.all(ResultRefused.class));
        assertEquals(0, one.held.size());
    }

    @Test
    void isCompletedThoughTheCommitsAnswerWasLost() {
        // given
        OneWorker one = oneWorker(job -> {
            Transaction transaction = new Transaction();
            job.complete(transaction);
            transaction.commit();
            throw new IllegalStateException("the connection was lost in the commit");
        });
        // when
        JobInfo job = one.ran(one.claimed("a"));
        // then
        assertEquals(JobStatus.COMPLETED, job.status());
        assertEquals(1, one.heard.all(JobCompleted.class).size());
        assertEquals(List.of(), one.heard.all(ResultRefused.class));
    }

    @Test
    void hasFailedWhenTheTransactionWasRolledBack() {
        // given
        OneWorker one = oneWorker(job -> {
            job.complete(new Transaction());
            throw new IllegalStateException("rolled back");
        });
        // when
        JobInfo job = one.ran(one.claimed("a"));
        // then
        assertEquals(JobStatus.PENDING, job.status());
        assertEquals(1, job.failures());
        assertTrue(one.heard.only(JobRetryScheduled.class).error().contains("rolled back"));
    }

    /** It would be COMPLETED without what its handler wrote. */
    @Test
    void hasFailedWhenTheHandlerForgotToCommit() {
        // given
        OneWorker one = oneWorker(job -> job.complete(new Transaction()));
        // when
        JobInfo job = one.ran(one.claimed("a"));
        // then
        assertEquals(JobStatus.PENDING, job.status());
        assertTrue(one.heard.only(JobRetryScheduled.class).error().contains("returned without a commit"));
    }

    @Test
    void isNotCompletedByAnAttemptThatHasEnded() {
        // given: taken over while the handler runs
        List<Throwable> thrown = new ArrayList<>();
        AtomicReference<HeldJob> held = new AtomicReference<>();
        OneWorker one = oneWorker(job -> {
            world.get()
                    .store
                    .apply(List.of(Change.recover(
                            held.get().info(), world.get().platform.now())));
            try {
                job.complete(new Transaction());
            } catch (AttemptEndedException e) {
                thrown.add(e);
                throw e;
            }
        });
        held.set(one.claimed("a"));
        // when
        JobInfo job = one.ran(held.get());
        // then
        assertEquals(
                "job " + job.id()
                        + " cannot be completed at attempt 1, which has ended (MISSING); roll the transaction back",
                thrown.get(0).getMessage());
        assertEquals(JobStatus.PENDING, job.status());
        assertEquals("FAIL and RETRY", one.heard.only(ResultRefused.class).tried());
    }

    @Test
    void isRefusedWhenAnotherAttemptCompletedIt() {
        // given: after its own complete was written, and rolled back
        OneWorker one = oneWorker(job -> {
            job.complete(new Transaction());
            JobInfo seen = job.info();
            world.get()
                    .store
                    .apply(List.of(Change.recover(seen, world.get().platform.now())));
            JobInfo again = world.get().claimedAgain().info();
            world.get()
                    .store
                    .apply(List.of(Change.complete(again, world.get().platform.now())));
        });
        // when
        JobInfo job = one.ran(one.claimed("a"));
        // then
        assertEquals(2, job.attempt());
        assertEquals(List.of(), one.heard.all(JobCompleted.class));
        assertEquals("FAIL and RETRY", one.heard.only(ResultRefused.class).tried());
    }
}
