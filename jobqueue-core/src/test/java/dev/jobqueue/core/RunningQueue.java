package dev.jobqueue.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.core.given.HeardEvents;
import dev.jobqueue.core.given.UnreliableStore;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobCount;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;

/** What tests of a whole queue share: real threads, over a memory store whose calls can be made to fail. */
abstract class RunningQueue {
    static final Duration LONG = Duration.ofSeconds(30);
    static final String TYPE = "count";

    final MemoryJobStore real = MemoryJobStore.create();
    final UnreliableStore store = new UnreliableStore(real);
    final HeardEvents heard = new HeardEvents();
    private final List<JobQueue> queues = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /** Two workers, retries that come soon. */
    JobQueue built(UnaryOperator<JobQueue.Builder> configure) {
        JobQueue.Builder builder = JobQueue.builder()
                .store(store)
                .nodeName("node")
                .workers(2)
                .shutdownGrace(LONG)
                .retry(retry -> retry.withFirstDelay(Duration.ofMillis(1)).withMaxDelay(Duration.ofMillis(4)))
                .listener(heard);
        JobQueue queue = configure.apply(builder).build();
        queues.add(queue);
        return queue;
    }

    JobQueue started(UnaryOperator<JobQueue.Builder> configure) {
        JobQueue queue = built(configure);
        queue.start();
        return queue;
    }

    JobId submitted(JobQueue queue, String text) {
        return queue.submit(JobRequest.of(TYPE, text)).id();
    }

    JobInfo info(JobId id) {
        return real.find(id).orElseThrow().info();
    }

    JobInfo finished(JobQueue queue, JobId id) throws InterruptedException {
        return queue.await(id, LONG).orElseGet(() -> fail("not final in time: " + info(id)));
    }

    /** How many jobs the store has in this status. */
    long jobs(JobStatus status) {
        return real.counts(Set.of(status)).stream().mapToLong(JobCount::jobs).sum();
    }

    static void await(CountDownLatch latch) throws InterruptedException {
        assertTrue(latch.await(LONG.toSeconds(), TimeUnit.SECONDS), "waited in vain");
    }

    /** Waits for what nobody can signal. */
    static void await(BooleanSupplier so) {
        long end = System.nanoTime() + LONG.toNanos();
        while (!so.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, "waited in vain");
            Thread.yield();
        }
    }

    /** Runs this on a thread of its own. */
    Thread meanwhile(Runnable action) {
        Thread thread = new Thread(action, "meanwhile");
        threads.add(thread);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    static void ended(Thread thread) throws InterruptedException {
        thread.join(LONG.toMillis());
        assertEquals(Thread.State.TERMINATED, thread.getState());
    }

    /** Waits until the thread waits for something, with a bound. */
    static void waits(Thread thread) {
        await(() -> thread.getState() == Thread.State.TIMED_WAITING);
    }

    /** The engine's threads that are alive. */
    static List<String> engineThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("jobqueue-"))
                .sorted()
                .toList();
    }

    @AfterEach
    void close() throws InterruptedException {
        Thread.interrupted();
        store.heal();
        queues.forEach(JobQueue::close);
        for (Thread thread : threads) {
            ended(thread);
        }
    }
}
