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
}
