package dev.jobqueue.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.QueueState;
import dev.jobqueue.QueueStateException;
import dev.jobqueue.core.given.HeardEvents;
import dev.jobqueue.core.recovery.ForwardingStore;
import dev.jobqueue.core.recovery.LeftBehind;
import dev.jobqueue.event.JobCompleted;
import dev.jobqueue.event.JobQueueEvent;
import dev.jobqueue.event.NodeEnded;
import dev.jobqueue.event.QueueStopped;
import dev.jobqueue.job.JobId;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** How a queue ends for good. */
class CloseTest extends Lifecycle {
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
    void tellsWhoWaitsThatItWasClosed() throws Exception {
        // given: a job that will never be idle, and a store that is closed with the queue
        CountDownLatch asked = new CountDownLatch(2);
        JobStore watched = new ForwardingStore(store) {
            @Override
            public JobPage list(JobQuery query) {
                asked.countDown();
                return super.list(query);
            }
        };
        JobQueue queue = JobQueue.builder()
                .store(() -> watched)
                .nodeName(NODE)
                .handler("later", job -> {})
                .build();
        queue.submit(JobRequest.of("later", "").withDelay(Duration.ofDays(1)));
        FutureTask<Boolean> waiting = new FutureTask<>(() -> queue.awaitIdle(Duration.ofMinutes(1)));
        new Thread(waiting, "waiting").start();
        assertTrue(asked.await(10, TimeUnit.SECONDS));
        // when
        queue.close();
        // then
        ExecutionException thrown = assertThrows(ExecutionException.class, () -> waiting.get(30, TimeUnit.SECONDS));
        assertEquals(
                QueueStateException.class,
                thrown.getCause().getClass(),
                () -> thrown.getCause().toString());
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

    /** A queue that this listener can call. */
    private JobQueue heardBy(BiConsumer<JobQueue, JobQueueEvent> listener, HeardEvents heard) {
        AtomicReference<JobQueue> self = new AtomicReference<>();
        QueueBuilder builder = new QueueBuilder();
        builder.store(store)
                .nodeName(NODE)
                .pollInterval(Duration.ofMillis(20))
                .handler("count", job -> runs.incrementAndGet())
                .listener(event -> listener.accept(self.get(), event))
                .listener(heard);
        self.set(builder.build());
        self.get().start();
        return self.get();
    }

    @Test
    void canBeClosedByAListenerWhichIsToldTheRestAfterwards() throws Exception {
        // given
        HeardEvents heard = new HeardEvents();
        JobQueue queue = heardBy(
                (self, event) -> {
                    if (event instanceof JobCompleted) {
                        self.close();
                    }
                },
                heard);
        // when
        queue.submit(JobRequest.of("count", "one"));
        // then
        heard.await(QueueStopped.class);
        Threads.assertEnd(NODE);
        assertEquals(0, queue.health().eventsDropped());
        assertEquals(QueueState.CLOSED, queue.health().state());
    }

    /** It stops already, and would wait for the listener, which waits for its end. */
    @Test
    void canBeClosedByAListenerThatHearsOfItsEnd() throws Exception {
        // given
        HeardEvents heard = new HeardEvents();
        JobQueue queue = heardBy(
                (self, event) -> {
                    if (event instanceof NodeEnded) {
                        long end = System.nanoTime() + LONG.toNanos();
                        while (self.health().state() != QueueState.SUPERSEDED && System.nanoTime() - end < 0) {
                            Thread.onSpinWait();
                        }
                        self.close();
                    }
                },
                heard);
        // when
        try (JobQueue newer = queue()) {
            // then
            heard.await(QueueStopped.class);
            assertEquals(QueueState.BUILT, newer.health().state());
        }
        Threads.assertEnd(NODE);
        assertEquals(0, queue.health().eventsDropped());
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
