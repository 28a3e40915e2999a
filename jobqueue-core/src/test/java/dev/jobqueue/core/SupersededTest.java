package dev.jobqueue.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.QueueState;
import dev.jobqueue.QueueStateException;
import dev.jobqueue.core.given.HeardEvents;
import dev.jobqueue.core.runtime.HastyPlatform;
import dev.jobqueue.event.JobQueueEvent;
import dev.jobqueue.event.NodeEnded;
import dev.jobqueue.event.QueueStopped;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.End;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A second queue over the same open store takes the first one's place. */
class SupersededTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final MemoryJobStore store = MemoryJobStore.create();
    private final List<JobQueueEvent> events = new CopyOnWriteArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final JobQueue first = JobQueue.builder()
            .store(store)
            .nodeName("first")
            .pollInterval(Duration.ofMillis(20))
            .handler("count", job -> {})
            .listener(event -> {
                events.add(event);
                if (event instanceof QueueStopped) {
                    stopped.countDown();
                }
            })
            .build();

    @AfterEach
    void close() throws Exception {
        first.close();
        Threads.assertEnd("first");
        Threads.assertEnd("second");
    }

    private JobQueue second() {
        return JobQueue.builder()
                .store(store)
                .nodeName("second")
                .handler("count", job -> {})
                .build();
    }

    private void awaitStopped() throws InterruptedException {
        assertTrue(stopped.await(30, TimeUnit.SECONDS));
        Threads.assertEnd("first");
    }

    @Test
    void stopsAndSaysSo() throws Exception {
        // given
        first.start();
        Node node = first.health().node();
        // when
        try (JobQueue second = second()) {
            // then
            awaitStopped();
            assertTrue(events.contains(new NodeEnded(node, End.SUPERSEDED)));
            assertEquals(QueueState.SUPERSEDED, first.health().state());
            assertEquals(
                    List.of("a newer queue has this one's place in the store"),
                    first.health().problems());
            assertFalse(first.health().healthy());
            assertEquals(QueueState.BUILT, second.health().state());
        }
    }

    @Test
    void isNotStartedAgain() throws Exception {
        // given
        first.start();
        try (JobQueue second = second()) {
            second.start();
            awaitStopped();
            // when
            QueueStateException thrown = assertThrows(QueueStateException.class, first::start);
            // then
            assertEquals(
                    "cannot start a queue that is SUPERSEDED: a newer queue has its place in the store; build another",
                    thrown.getMessage());
            assertTrue(second.health().healthy());
        }
    }

    @Test
    void isNotStartedAgainWhenItWasStoppedMeanwhile() {
        // given
        first.start();
        first.stop();
        try (JobQueue second = second()) {
            // when
            QueueStateException thrown = assertThrows(QueueStateException.class, first::start);
            // then
            assertEquals(
                    "cannot start a queue that is SUPERSEDED: a newer queue has its place in the store: "
                            + second.health().node(),
                    thrown.getMessage());
            assertEquals(QueueState.SUPERSEDED, first.health().state());
            second.start();
            assertTrue(second.health().healthy());
        }
    }

    @Test
    void submitsForTheOther() throws Exception {
        // given
        first.start();
        try (JobQueue second = second()) {
            awaitStopped();
            // when
            JobId id = first.submit(JobRequest.of("count", "one")).id();
            // then
            second.start();
            assertEquals(
                    JobStatus.COMPLETED, first.await(id, LONG).orElseThrow().status());
        }
    }

    @Test
    void noticesAtOnceWhenItSubmits() throws Exception {
        // given: a queue that by itself would look only after ten seconds
        CountDownLatch ended = new CountDownLatch(1);
        JobQueue patient = JobQueue.builder()
                .store(store)
                .nodeName("patient")
                .handler("count", job -> {})
                .listener(event -> {
                    if (event instanceof QueueStopped) {
                        ended.countDown();
                    }
                })
                .build();
        patient.start();
        try (JobQueue second = second()) {
            // when
            patient.submit(JobRequest.of("count", "one"));
            // then
            assertTrue(ended.await(9, TimeUnit.SECONDS));
            assertEquals(QueueState.SUPERSEDED, patient.health().state());
            assertEquals(JobStatus.PENDING, onlyStatus(second));
        }
        patient.close();
        Threads.assertEnd("patient");
    }

    @Test
    void isNotStartedWhenItWasSupersededBefore() throws Exception {
        // given
        try (JobQueue second = second()) {
            second.start();
            // when
            QueueStateException thrown = assertThrows(QueueStateException.class, first::start);
            // then
            assertEquals(
                    "cannot start a queue that is SUPERSEDED: a newer queue has its place in the store; build another",
                    thrown.getMessage());
            assertEquals(QueueState.SUPERSEDED, first.health().state());
            assertTrue(second.health().healthy());
        }
    }

    @Test
    void stopsAlthoughThereWasNoThreadForThatAtFirst() throws Exception {
        // given
        HastyPlatform poor = new HastyPlatform();
        HeardEvents heard = new HeardEvents();
        QueueBuilder builder = new QueueBuilder();
        builder.store(store).nodeName("poor").handler("count", job -> {}).listener(heard);
        try (JobQueue queue = builder.build(poor)) {
            queue.start();
            poor.failThreadAfter(0);
            // when
            try (JobQueue second = second()) {
                // then
                heard.await(QueueStopped.class);
                assertEquals(QueueState.SUPERSEDED, queue.health().state());
                assertEquals(QueueState.BUILT, second.health().state());
            }
        }
        Threads.assertEnd("poor");
    }

    private static JobStatus onlyStatus(JobQueue queue) {
        return queue.counts().get(0).status();
    }

    @Test
    void losesNoJobToTheOther() throws Exception {
        // given: a handler that runs while its queue is superseded
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (JobQueue busy = JobQueue.builder()
                .store(store)
                .nodeName("second")
                .pollInterval(Duration.ofMillis(20))
                .handler("hold", job -> {
                    running.countDown();
                    end.await();
                })
                .build()) {
            busy.start();
            JobId id = busy.submit(JobRequest.of("hold", "one")).id();
            assertTrue(running.await(30, TimeUnit.SECONDS));
            // when
            try (JobQueue next = JobQueue.builder()
                    .store(store)
                    .nodeName("third")
                    .handler("hold", job -> {})
                    .build()) {
                assertEquals(1, next.recovery().recovered());
                next.start();
                // then
                assertEquals(
                        JobStatus.COMPLETED, next.await(id, LONG).orElseThrow().status());
                assertEquals(2, store.find(id).orElseThrow().info().attempt());
            }
            end.countDown();
        }
        Threads.assertEnd("third");
    }
}
