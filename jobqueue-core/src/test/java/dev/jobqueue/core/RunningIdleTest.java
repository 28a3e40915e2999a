package dev.jobqueue.core;

import static dev.jobqueue.core.given.UnreliableStore.Call.APPLY;
import static dev.jobqueue.core.given.UnreliableStore.Call.CLAIM;
import static dev.jobqueue.core.given.UnreliableStore.Call.LIST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.core.given.Trouble;
import dev.jobqueue.event.JobRetryScheduled;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RunningIdleTest extends RunningQueue {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);

    @Test
    void isIdleWithoutJobs() throws Exception {
        assertTrue(started(builder -> builder.handler(TYPE, job -> {})).awaitIdle(Duration.ZERO));
    }

    @Test
    void isNotIdleWhileAJobRuns() throws Exception {
        // given
        JobQueue queue = started(builder -> builder.handler(TYPE, job -> {
            begun.countDown();
            await(gate);
        }));
        submitted(queue, "a");
        await(begun);
        // then
        assertFalse(queue.awaitIdle(Duration.ofMillis(50)));
        gate.countDown();
        assertTrue(queue.awaitIdle(LONG));
        assertEquals(0, jobs(JobStatus.PROCESSING));
    }

    @Test
    void isIdleWhileTheHandlerOfACancelledJobGoesOn() throws Exception {
        // given
        JobQueue queue = started(builder -> builder.handler(TYPE, job -> {
            begun.countDown();
            await(() -> gate.getCount() == 0); // heeds no interrupt
        }));
        JobId running = submitted(queue, "a");
        await(begun);
        // when
        queue.cancel(running);
        // then
        assertTrue(queue.awaitIdle(Duration.ZERO));
        gate.countDown();
    }

    @Test
    void isNotIdleWhileAJobIsDelayedOrWaitsForARetry() throws Exception {
        // given
        JobQueue queue = started(builder -> builder.handler(
                TYPE,
                job -> {
                    throw new IOException();
                },
                options -> options.withRetry(
                        retry -> retry.withFirstDelay(Duration.ofHours(1)).withMaxDelay(Duration.ofHours(1)))));
        JobId failing = submitted(queue, "a");
        heard.await(JobRetryScheduled.class);
        // then
        assertFalse(queue.awaitIdle(Duration.ofMillis(50)));
        queue.cancel(failing);
        assertTrue(queue.awaitIdle(LONG));
        queue.submit(JobRequest.of(TYPE, "b").withDelay(Duration.ofHours(1)));
        assertFalse(queue.awaitIdle(Duration.ofMillis(50)));
    }

    @Test
    void isNotIdleWhenAJobRunsAndWaitsAgainBetweenTwoLooks() throws Exception {
        // given: looking for PENDING jobs it finds none, as the one there is runs; looking for PROCESSING ones, none
        // either
        JobQueue queue = built(builder -> builder.handler(
                TYPE,
                job -> {
                    begun.countDown();
                    await(gate);
                    throw new IOException();
                },
                options -> options.withRetry(
                        retry -> retry.withFirstDelay(Duration.ofHours(1)).withMaxDelay(Duration.ofHours(1)))));
        submitted(queue, "a");
        CountDownLatch looking = new CountDownLatch(1);
        store.next(CLAIM, Trouble.before(() -> await(() -> looking.getCount() == 0)));
        queue.start();
        store.next(LIST, call -> {
            looking.countDown();
            await(() -> begun.getCount() == 0);
            call.run();
            gate.countDown();
            await(() -> !heard.all(JobRetryScheduled.class).isEmpty());
        });
        // then
        assertFalse(queue.awaitIdle(Duration.ofMillis(50)));
    }

    @Test
    void isNotIdleWhenAJobThatHasTimedOutWaitsAgainBetweenTwoLooks() throws Exception {
        // given: its handler heeds nothing, and its failure is on its way to the store until the first look is over
        JobQueue queue = started(builder -> builder.handler(
                TYPE,
                job -> await(() -> gate.getCount() == 0),
                options -> options.withTimeout(Duration.ofMillis(1))
                        .withRetry(retry ->
                                retry.withFirstDelay(Duration.ofHours(1)).withMaxDelay(Duration.ofHours(1)))));
        CountDownLatch looked = new CountDownLatch(1);
        CountDownLatch failing = new CountDownLatch(1);
        store.next(APPLY, Trouble.before(() -> {
            failing.countDown();
            await(() -> looked.getCount() == 0);
        }));
        submitted(queue, "a");
        await(failing);
        store.next(LIST, call -> {
            call.run();
            looked.countDown();
            await(() -> !heard.all(JobRetryScheduled.class).isEmpty());
        });
        // then
        assertFalse(queue.awaitIdle(Duration.ofMillis(50)));
        gate.countDown();
    }

    @Test
    void doesNotWaitForTypesAndQueuesOfOthers() throws Exception {
        // given
        JobQueue queue = started(builder -> builder.handler(TYPE, job -> {}));
        queue.submit(JobRequest.of("unknown", "a"));
        queue.submit(JobRequest.of(TYPE, "b").withQueue("elsewhere"));
        // then
        assertTrue(queue.awaitIdle(LONG));
        assertEquals(2, jobs(JobStatus.PENDING));
    }

    @Test
    void waitsOnForIdlenessWhileStopped() throws Exception {
        // given
        JobQueue queue = built(builder -> builder.handler(TYPE, job -> {}));
        submitted(queue, "a");
        // then
        assertFalse(queue.awaitIdle(Duration.ofMillis(50)));
        queue.start();
        assertTrue(queue.awaitIdle(LONG));
        queue.stop();
        assertTrue(queue.awaitIdle(Duration.ZERO));
    }

    @Test
    void endsAWaitWhenInterrupted() {
        // given
        JobQueue queue = built(builder -> builder.handler(TYPE, job -> {}));
        JobId id = submitted(queue, "a");
        // then
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> queue.awaitIdle(LONG));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> queue.await(id, LONG));
    }

    @Test
    void tellsWhoAwaitsAJob() throws Exception {
        // given
        JobQueue queue = started(builder -> builder.handler(TYPE, job -> {
            begun.countDown();
            await(gate);
        }));
        JobId id = submitted(queue, "a");
        await(begun);
        // when
        AtomicReference<Optional<JobInfo>> told = new AtomicReference<>();
        Thread waiting = meanwhile(() -> {
            try {
                told.set(queue.await(id, LONG));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        waits(waiting);
        gate.countDown();
        // then
        ended(waiting);
        assertEquals(JobStatus.COMPLETED, told.get().orElseThrow().status());
    }

    @Test
    void returnsNothingOfAJobThatIsNotFinalInTime() throws Exception {
        // given
        JobQueue queue = built(builder -> builder.handler(TYPE, job -> {}));
        JobId id = submitted(queue, "a");
        // then
        assertEquals(Optional.empty(), queue.await(id, Duration.ofMillis(20)));
        assertEquals(Optional.empty(), queue.await(JobId.of("unknown"), Duration.ofMillis(20)));
    }
}
