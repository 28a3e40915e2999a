package dev.jobqueue.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.QueueState;
import dev.jobqueue.QueueStateException;
import dev.jobqueue.RecoveryException;
import dev.jobqueue.Submission;
import dev.jobqueue.core.recovery.ForwardingStore;
import dev.jobqueue.core.recovery.LeftBehind;
import dev.jobqueue.core.runtime.HastyPlatform;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.core.runtime.RealPlatform;
import dev.jobqueue.event.JobCompleted;
import dev.jobqueue.event.JobQueueEvent;
import dev.jobqueue.event.NodeEnded;
import dev.jobqueue.event.QueueStopped;
import dev.jobqueue.event.RecoveryReport;
import dev.jobqueue.event.RecoveryStarted;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LifecycleTest {
    private static final String NODE = "lifecycle";
    private static final Duration LONG = Duration.ofSeconds(30);

    private final MemoryJobStore store = MemoryJobStore.create();
    private final List<JobQueueEvent> events = new CopyOnWriteArrayList<>();
    private final AtomicInteger runs = new AtomicInteger();

    private JobQueue queue() {
        return queue(store, new RealPlatform(InstantSource.system(), false));
    }

    private JobQueue queue(JobStore over, Platform platform) {
        QueueBuilder builder = new QueueBuilder();
        builder.store(over)
                .nodeName(NODE)
                .workers(2)
                .pollInterval(Duration.ofMillis(50))
                .handler("count", job -> runs.incrementAndGet())
                .listener(events::add);
        return builder.build(platform);
    }

    private JobStatus status(JobId id) {
        return store.find(id).map(Job::info).map(JobInfo::status).orElseThrow();
    }

    private long processing() {
        return LeftBehind.all(store).stream()
                .filter(job -> job.status() == JobStatus.PROCESSING)
                .count();
    }

    private <E extends JobQueueEvent> long count(Class<E> type) {
        return events.stream().filter(type::isInstance).count();
    }

    @Test
    void takesSubmitsBeforeStart() throws Exception {
        // given
        try (JobQueue queue = queue()) {
            Submission early = queue.submit(JobRequest.of("count", "early"));
            assertTrue(early.stored());
            assertEquals(JobStatus.PENDING, status(early.id()));
            // when
            queue.start();
            // then
            assertTrue(queue.awaitIdle(LONG));
            assertEquals(JobStatus.COMPLETED, status(early.id()));
        }
    }

    @Test
    void startsNoThreadBeforeStart() {
        // when
        try (JobQueue queue = queue()) {
            // then
            assertEquals(QueueState.BUILT, queue.health().state());
            assertEquals(Set.of(), Threads.of(NODE));
        }
    }

    @Test
    void hasAtMostFiveThreadsBesideItsWorkers() {
        // given
        QueueBuilder builder = new QueueBuilder();
        builder.store(store)
                .nodeName("few")
                .workers(3)
                .handler("count", job -> {}, options -> options.withTimeout(LONG))
                .listener(event -> {});
        try (JobQueue queue = builder.build()) {
            // when
            queue.start();
            // then
            Set<String> names = Threads.of("few");
            assertEquals(
                    3, names.stream().filter(name -> name.contains("-worker-")).count());
            assertTrue(names.size() <= 3 + 5, names::toString);
        }
    }

    @Test
    void isNotStartedTwice() {
        // given
        try (JobQueue queue = queue()) {
            queue.start();
            Set<String> threads = Threads.of(NODE);
            // when
            QueueStateException thrown = assertThrows(QueueStateException.class, queue::start);
            // then
            assertEquals("cannot start a queue that is RUNNING: it runs already; stop() it first", thrown.getMessage());
            assertEquals(QueueState.RUNNING, thrown.state());
            assertEquals(threads, Threads.of(NODE));
            assertTrue(queue.health().healthy());
        }
    }

    @Test
    void isNotStartedOnceClosed() {
        // given
        JobQueue queue = queue();
        queue.close();
        // when
        QueueStateException thrown = assertThrows(QueueStateException.class, queue::start);
        // then
        assertEquals("cannot start a queue that is CLOSED: build another queue", thrown.getMessage());
        assertEquals(QueueState.CLOSED, queue.health().state());
    }

    @Test
    void takesNoSubmitOnceClosed() {
        // given
        JobQueue queue = queue();
        queue.start();
        queue.close();
        // when
        QueueStateException thrown =
                assertThrows(QueueStateException.class, () -> queue.submit(JobRequest.of("count", "late")));
        // then
        assertEquals("cannot submit with a queue that is CLOSED: build another queue", thrown.getMessage());
        assertEquals(List.of(), LeftBehind.all(store));
    }

    @Test
    void answersNoQuestionOnceClosed() {
        // given
        JobQueue queue = queue();
        queue.close();
        // then
        assertThrows(QueueStateException.class, () -> queue.find(JobId.of("any")));
        assertThrows(QueueStateException.class, queue::counts);
        assertThrows(QueueStateException.class, () -> queue.cancel(JobId.of("any")));
        assertThrows(QueueStateException.class, () -> queue.retry(JobId.of("any")));
        assertThrows(QueueStateException.class, () -> queue.awaitIdle(LONG));
        assertThrows(QueueStateException.class, () -> queue.await(JobId.of("any"), LONG));
        assertThrows(QueueStateException.class, () -> queue.submitAll(List.of(JobRequest.of("count", "late"))));
    }

    @Test
    void closesTwiceAsOnce() throws Exception {
        // given
        AtomicInteger closes = new AtomicInteger();
        JobStore counting = new ForwardingStore(store) {
            @Override
            public void close() {
                closes.incrementAndGet();
            }
        };
        JobQueue queue = JobQueue.builder().store(() -> counting).nodeName(NODE).build();
        queue.start();
        // when
        queue.close();
        queue.close();
        // then
        assertEquals(1, closes.get());
        Threads.assertEnd(NODE);
    }

    @Test
    void closesBeforeStartAndLeavesTheStore() {
        // given
        AtomicInteger leaves = new AtomicInteger();
        JobStore counting = new ForwardingStore(store) {
            @Override
            protected <T> T call(String name, Supplier<T> made) {
                leaves.addAndGet(name.equals("leave") ? 1 : 0);
                return super.call(name, made);
            }
        };
        JobQueue queue = JobQueue.builder().store(counting).nodeName(NODE).build();
        // when
        queue.close();
        // then
        assertEquals(1, leaves.get());
        assertEquals(QueueState.CLOSED, queue.health().state());
        assertEquals(Set.of(), Threads.of(NODE));
    }

    @Test
    void leavesAHostsStoreOpen() {
        // given
        JobQueue queue = queue();
        queue.start();
        // when
        queue.close();
        // then
        assertEquals(List.of(), LeftBehind.all(store));
    }

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
    void leavesNoThreadBehindWhenClosed() throws Exception {
        // given
        JobQueue queue = queue();
        queue.start();
        queue.submit(JobRequest.of("count", "one"));
        assertTrue(queue.awaitIdle(LONG));
        // when
        queue.close();
        // then
        Threads.assertEnd(NODE);
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

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void canBeStartedAgainAfterAStartThatFoundNoThread(int starts) throws Exception {
        // given
        HastyPlatform platform = new HastyPlatform();
        try (JobQueue queue = queue(store, platform)) {
            queue.submit(JobRequest.of("count", "one"));
            platform.failThreadAfter(starts);
            // when
            assertThrows(OutOfMemoryError.class, queue::start);
            // then
            Threads.assertEnd(NODE);
            assertEquals(0, processing());
            queue.start();
            assertTrue(queue.awaitIdle(LONG.multipliedBy(100)));
        }
        Threads.assertEnd(NODE);
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

    @Test
    void canBeClosedByAListener() throws Exception {
        // given
        CountDownLatch closed = new CountDownLatch(1);
        AtomicBoolean once = new AtomicBoolean();
        JobQueue[] self = new JobQueue[1];
        QueueBuilder builder = new QueueBuilder();
        builder.store(store)
                .nodeName(NODE)
                .handler("count", job -> runs.incrementAndGet())
                .listener(event -> {
                    if (event instanceof JobCompleted && once.compareAndSet(false, true)) {
                        self[0].close();
                        closed.countDown();
                    }
                });
        self[0] = builder.build(new HastyPlatform());
        self[0].start();
        // when
        self[0].submit(JobRequest.of("count", "one"));
        // then
        assertTrue(closed.await(30, TimeUnit.SECONDS));
        Threads.assertEnd(NODE);
    }

    @Test
    void keepsTheInterruptOfWhoeverClosesIt() {
        // given
        JobQueue queue = queue();
        queue.start();
        Thread.currentThread().interrupt();
        // when
        queue.close();
        // then
        assertTrue(Thread.interrupted());
        assertEquals(QueueState.CLOSED, queue.health().state());
    }
}
