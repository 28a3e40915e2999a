package dev.jobqueue.core;

import static dev.jobqueue.core.given.UnreliableStore.Call.APPLY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.core.given.Trouble;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.JoinRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class RunningThreadsTest extends RunningQueue {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);

    private static List<String> besideTheWorkers() {
        return engineThreads().stream()
                .filter(name -> !name.contains("-worker-"))
                .toList();
    }

    @Test
    void startsNoThreadBeforeStart() throws Exception {
        // given
        JobQueue queue = built(builder -> builder.handler(TYPE, job -> {}));
        submitted(queue, "a");
        // then
        assertEquals(List.of(), engineThreads());
    }

    @Test
    void runsAtMostFiveThreadsBesideTheWorkers() throws Exception {
        // given: every reason for a thread there is; an orphan that can't be put back among them
        JobQueue first = built(builder -> builder.handler(TYPE, job -> {}));
        submitted(first, "orphan");
        Node dead = Node.of("dead", new UUID(2, 2));
        real.join(JoinRequest.of(dead, Duration.ofSeconds(6), () -> {})
                        .replacing(first.health().node()))
                .claim(ClaimRequest.of(Instant.now(), 1, List.of(ClaimSlot.of("default", Set.of(TYPE), 1))));
        store.always(APPLY, Trouble.thrown(() -> new IllegalArgumentException("for the test")));
        CountDownLatch running = new CountDownLatch(3);
        JobQueue queue = built(builder -> builder.workers(3)
                .handler(
                        TYPE,
                        job -> {
                            running.countDown();
                            new CountDownLatch(1).await();
                        },
                        options -> options.withTimeout(Duration.ofHours(1)))
                .shutdownGrace(Duration.ZERO));
        assertEquals(1, queue.recovery().failed());
        // when
        queue.start();
        for (int i = 0; i < 5; i++) {
            submitted(queue, "job " + i);
        }
        await(running);
        // then
        assertEquals(
                List.of(
                        "jobqueue-node-completion",
                        "jobqueue-node-dispatch",
                        "jobqueue-node-listeners",
                        "jobqueue-node-rescue",
                        "jobqueue-node-timeouts"),
                besideTheWorkers());
        assertEquals(8, engineThreads().size());
        // when
        queue.stop();
        // then
        await(() -> engineThreads().isEmpty());
    }

    @Test
    void runsOnlyTheThreadsThatItNeeds() throws Exception {
        // given
        JobQueue queue = JobQueue.builder()
                .store(real)
                .nodeName("plain")
                .workers(1)
                .handler(TYPE, job -> {})
                .build();
        // when
        try (queue) {
            queue.start();
            queue.submit(JobRequest.of(TYPE, "a"));
            assertTrue(queue.awaitIdle(Duration.ofSeconds(20)));
            // then
            assertEquals(
                    List.of("jobqueue-plain-completion", "jobqueue-plain-dispatch", "jobqueue-plain-worker-1"),
                    engineThreads());
        }
    }

    @Test
    void leavesNoThreadBehindAfterAFailedBuild() {
        // given
        store.plan(call -> Trouble.thrown(() -> new IllegalStateException("for the test")));
        // when
        try {
            built(builder -> builder.handler(TYPE, job -> {}));
        } catch (RuntimeException expected) {
            // then
            assertEquals(List.of(), engineThreads());
            return;
        }
        throw new AssertionError("built over a broken store");
    }

    @Test
    void runsHandlersOnVirtualThreadsWhenAskedTo() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads need Java 21");
        // given
        List<String> threads = new CopyOnWriteArrayList<>();
        JobQueue queue =
                started(builder -> builder.virtualThreads().workers(500).handler(TYPE, job -> {
                    threads.add(Thread.currentThread().toString());
                    begun.countDown();
                    await(gate);
                }));
        JobId id = submitted(queue, "a");
        await(begun);
        // when
        Thread stopping = meanwhile(queue::stop);
        waits(stopping);
        gate.countDown();
        ended(stopping);
        // then
        assertTrue(threads.get(0).startsWith("VirtualThread"), threads::toString);
        assertEquals(JobStatus.COMPLETED, info(id).status());
    }

    @Test
    void interruptsHandlersOnVirtualThreadsToo() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads need Java 21");
        // given
        JobQueue queue = started(builder -> builder.virtualThreads()
                .shutdownGrace(Duration.ofMillis(50))
                .handler(TYPE, job -> {
                    begun.countDown();
                    await(gate);
                }));
        JobId id = submitted(queue, "a");
        await(begun);
        // when
        queue.stop();
        // then
        assertEquals(JobStatus.PENDING, info(id).status());
    }
}
