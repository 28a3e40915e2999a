package dev.jobqueue.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.QueueState;
import dev.jobqueue.QueueStateException;
import dev.jobqueue.core.recovery.ForwardingStore;
import dev.jobqueue.core.recovery.LeftBehind;
import dev.jobqueue.core.runtime.HastyPlatform;
import dev.jobqueue.event.JobCompleted;
import dev.jobqueue.job.JobId;
import dev.jobqueue.store.JobStore;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
