package dev.jobqueue.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.QueueState;
import dev.jobqueue.QueueStateException;
import dev.jobqueue.Submission;
import dev.jobqueue.core.runtime.HastyPlatform;
import dev.jobqueue.job.JobStatus;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a queue begins. */
class StartTest extends Lifecycle {
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
    void startsNoThreadBeforeStart() throws Exception {
        // given: those of the test before have said that they end, and may still be about it
        Threads.assertEnd(NODE);
        // when
        try (JobQueue queue = queue()) {
            // then
            assertEquals(QueueState.BUILT, queue.health().state());
            assertEquals(Set.of(), Threads.of(NODE));
        }
    }

    @Test
    void hasAWorkerForEachJobUpToItsNumberAndAtMostFiveThreadsMore() throws Exception {
        // given
        CountDownLatch running = new CountDownLatch(3);
        CountDownLatch end = new CountDownLatch(1);
        QueueBuilder builder = new QueueBuilder();
        builder.store(store)
                .nodeName("few")
                .workers(3)
                .handler(
                        "wait",
                        job -> {
                            running.countDown();
                            end.await();
                        },
                        options -> options.withTimeout(LONG))
                .listener(event -> {});
        try (JobQueue queue = builder.build()) {
            queue.start();
            // when
            for (int i = 0; i < 10; i++) {
                queue.submit(JobRequest.of("wait", "job " + i));
            }
            assertTrue(running.await(30, TimeUnit.SECONDS));
            // then
            Set<String> names = Threads.of("few");
            assertEquals(
                    3, names.stream().filter(name -> name.contains("-worker-")).count());
            assertTrue(names.size() <= 3 + 5, names::toString);
            end.countDown();
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

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
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
    void runsItsJobsAsSoonAsAThreadCanBeHadForThem() throws Exception {
        // given: threads for its own duties and its listener, and none for a worker at first
        HastyPlatform platform = new HastyPlatform();
        try (JobQueue queue = queue(store, platform)) {
            platform.failThreadAfter(3);
            queue.start();
            // when
            queue.submit(JobRequest.of("count", "one"));
            // then
            assertTrue(queue.awaitIdle(LONG.multipliedBy(100)));
        }
        Threads.assertEnd(NODE);
    }
}
