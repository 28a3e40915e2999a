package dev.jobqueue.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.QueueState;
import dev.jobqueue.RecoveryException;
import dev.jobqueue.Submission;
import dev.jobqueue.core.recovery.ForwardingStore;
import dev.jobqueue.core.runtime.HastyPlatform;
import dev.jobqueue.core.runtime.RealPlatform;
import dev.jobqueue.event.NodeEnded;
import dev.jobqueue.event.QueueStopped;
import dev.jobqueue.event.RecoveryReport;
import dev.jobqueue.event.RecoveryStarted;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A queue that was stopped, and starts again. */
class RestartTest extends Lifecycle {
    @Test
    void doesNothingWhenStoppedBeforeStart() throws Exception {
        // given
        try (JobQueue queue = queue()) {
            // when
            queue.stop();
            // then
            assertEquals(QueueState.BUILT, queue.health().state());
            queue.start();
            queue.submit(JobRequest.of("count", "one"));
            assertTrue(queue.awaitIdle(LONG));
        }
    }

    @Test
    void stopsTwiceAsOnce() {
        // given
        try (JobQueue queue = queue()) {
            queue.start();
            // when
            queue.stop();
            queue.stop();
            // then
            assertEquals(1, count(QueueStopped.class));
            assertEquals(QueueState.STOPPED, queue.health().state());
        }
    }

    @Test
    void takesSubmitsWhileStopped() throws Exception {
        // given
        try (JobQueue queue = queue()) {
            queue.start();
            queue.stop();
            // when
            Submission between = queue.submit(JobRequest.of("count", "between"));
            // then
            assertEquals(JobStatus.PENDING, status(between.id()));
            queue.start();
            assertTrue(queue.awaitIdle(LONG));
            assertEquals(JobStatus.COMPLETED, status(between.id()));
        }
    }

    /** It has joined, and its heartbeat has a thread; then there is none for its listeners. */
    @Test
    void leavesTheStoreThoughARestartFoundNoThread() throws Exception {
        // given
        HastyPlatform platform = new HastyPlatform();
        JobStore shared = MemoryJobStore.shared(platform::now);
        JobQueue queue = queue(shared, platform);
        queue.start();
        queue.stop();
        platform.failThreadAfter(1);
        assertThrows(OutOfMemoryError.class, queue::start);
        // when
        queue.close();
        // then
        Threads.assertEnd(NODE);
        shared.join(JoinRequest.of(Node.of(NODE, new UUID(9, 9)), Duration.ofSeconds(6), () -> {}));
    }

    @Test
    void startsAgainAnyNumberOfTimesAndRecoversFirst() throws Exception {
        // given
        try (JobQueue queue = queue()) {
            for (int round = 1; round <= 5; round++) {
                queue.submit(JobRequest.of("count", "round " + round));
                RecoveryReport before = queue.recovery();
                // when
                queue.start();
                assertTrue(queue.awaitIdle(LONG));
                queue.stop();
                // then
                assertEquals(round, runs.get());
                assertEquals(round, count(RecoveryStarted.class));
                assertEquals(0, processing());
                if (round == 1) {
                    assertSame(before, queue.recovery());
                } else {
                    assertEquals(1, queue.recovery().delivered());
                }
            }
        }
    }

    @Test
    void recoversOnRestartWhatTheStoreDidNotTakeAtStop() throws Exception {
        // given: the store is away from the handler's end until after the stop
        AtomicBoolean away = new AtomicBoolean();
        JobStore unsteady = new ForwardingStore(store) {
            @Override
            public List<ApplyOutcome> apply(List<Change> changes) {
                if (away.get()) {
                    throw new StoreException("away");
                }
                return super.apply(changes);
            }

            @Override
            protected <T> T call(String name, Supplier<T> made) {
                if (name.equals("leave") && away.get()) {
                    throw new StoreException("away");
                }
                return super.call(name, made);
            }
        };
        CountDownLatch ran = new CountDownLatch(1);
        QueueBuilder builder = new QueueBuilder();
        builder.store(unsteady).nodeName(NODE).listener(events::add).handler("once", job -> {
            away.set(runs.incrementAndGet() == 1);
            ran.countDown();
        });
        try (JobQueue queue = builder.build(new HastyPlatform())) {
            queue.start();
            JobId id = queue.submit(JobRequest.of("once", "one")).id();
            assertTrue(ran.await(30, TimeUnit.SECONDS));
            // when
            queue.stop();
            away.set(false);
            // then
            assertEquals(JobStatus.PROCESSING, status(id));
            assertEquals(
                    1,
                    events.stream()
                            .filter(event -> event instanceof QueueStopped stopped && stopped.unfinished() == 1)
                            .count());
            queue.start();
            assertEquals(1, queue.recovery().recovered());
            assertEquals(
                    JobStatus.COMPLETED,
                    queue.await(id, LONG.multipliedBy(100)).orElseThrow().status());
            assertEquals(2, runs.get());
        }
    }

    @Test
    void isAsBeforeWhenARestartFailsInRecovery() throws Exception {
        // given
        AtomicBoolean broken = new AtomicBoolean();
        JobStore unsteady = new ForwardingStore(store) {
            @Override
            protected <T> T call(String name, Supplier<T> made) {
                if (name.equals("list") && broken.get()) {
                    throw new IllegalStateException("a bug");
                }
                return super.call(name, made);
            }
        };
        try (JobQueue queue = queue(unsteady, new RealPlatform(InstantSource.system(), false))) {
            queue.start();
            queue.stop();
            RecoveryReport before = queue.recovery();
            broken.set(true);
            // when
            assertThrows(RecoveryException.class, queue::start);
            // then
            assertEquals(QueueState.STOPPED, queue.health().state());
            assertSame(before, queue.recovery());
            Threads.assertEnd(NODE);
            broken.set(false);
            queue.start();
            queue.submit(JobRequest.of("count", "one"));
            assertTrue(queue.awaitIdle(LONG));
        }
    }

    @Test
    void goesOnWhenAClaimOfBeforeARestartIsRefusedAtLast() throws Exception {
        // given: a claim that does not return until the queue has been stopped and started again
        CountDownLatch claiming = new CountDownLatch(1);
        CountDownLatch restarted = new CountDownLatch(1);
        AtomicInteger claims = new AtomicInteger();
        JobStore slow = new ForwardingStore(store) {
            @Override
            protected <T> T call(String name, Supplier<T> made) {
                if (name.equals("claim") && claims.incrementAndGet() == 1) {
                    claiming.countDown();
                    await(restarted);
                }
                return super.call(name, made);
            }
        };
        try (JobQueue queue = queue(slow, new HastyPlatform())) {
            queue.start();
            await(claiming);
            queue.stop();
            queue.start();
            Thread late = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("jobqueue-" + NODE + "-dispatch"))
                    .filter(thread -> List.of(thread.getStackTrace()).toString().contains("CountDownLatch"))
                    .findFirst()
                    .orElseThrow();
            // when
            restarted.countDown();
            late.join(30_000);
            // then
            queue.submit(JobRequest.of("count", "one"));
            assertTrue(queue.awaitIdle(LONG.multipliedBy(100)));
            assertEquals(QueueState.RUNNING, queue.health().state());
            assertEquals(0, count(NodeEnded.class));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
