package dev.jobqueue.store.jdbc;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobClient;
import dev.jobqueue.JobHandler;
import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A whole queue over MariaDB: what it costs while idle, how it hears of others' jobs, and that it goes on by itself. */
class MariaDbQueueTest {
    private final BlockingQueue<String> ran = new LinkedBlockingQueue<>();

    @BeforeEach
    void setUp() {
        open(MariaDbTestServer.source()).close();
        MariaDbTestServer.clear("queues");
        MariaDbTestServer.sql(
                "create or replace user worker@localhost identified by 'worker'",
                "grant select, insert, update, delete on queues.* to worker@localhost");
    }

    private static MariaDbJobStore open(DataSource source) {
        return MariaDbJobStore.open(source, options -> options.withSchema("queues"));
    }

    private JobQueue started(DatabaseJobStore store) throws InterruptedException {
        JobHandler note = job -> ran.add(job.text());
        JobQueue queue = JobQueue.builder()
                .store(store)
                .nodeName("one")
                .handler("note", note)
                .build();
        queue.start();
        assertTrue(queue.awaitIdle(Duration.ofSeconds(30)));
        return queue;
    }

    private String nextRun() throws InterruptedException {
        return String.valueOf(ran.poll(30, SECONDS));
    }

    @Test
    void costsAtMostTwoStatementsASecondWhileIdle() throws InterruptedException {
        try (MariaDbJobStore store = open(MariaDbTestServer.source());
                JobQueue queue = started(store)) {
            // given
            queue.submit(JobRequest.of("note", "before"));
            assertEquals("before", nextRun());
            assertTrue(queue.awaitIdle(Duration.ofSeconds(30)));
            // when
            CountDownLatch nothing = new CountDownLatch(1);
            long before = store.roundTrips();
            long began = System.nanoTime();
            assertFalse(nothing.await(8, SECONDS));
            // then
            long statements = store.roundTrips() - before;
            double seconds = (System.nanoTime() - began) / 1e9;
            assertTrue(statements > 0 && statements <= 2 * seconds, statements + " in " + seconds + " s");
        }
    }

    @Test
    void findsWhatAnotherProcessSubmits() throws InterruptedException {
        try (MariaDbJobStore store = open(MariaDbTestServer.source());
                JobQueue queue = started(store);
                MariaDbJobStore other = open(MariaDbTestServer.source())) {
            JobClient.over(other).submit(JobRequest.of("note", "from elsewhere"));
            assertEquals("from elsewhere", nextRun());
            assertTrue(queue.health().healthy());
        }
    }

    @Test
    void takesJobsWhenTheDatabaseIsNoLongerReadOnly() throws Exception {
        try (MariaDbJobStore store = open(MariaDbTestServer.as("worker"));
                JobQueue queue = started(store)) {
            // given
            MariaDbTestServer.sql("set global read_only = 1");
            CompletableFuture<?> submit =
                    CompletableFuture.supplyAsync(() -> queue.submit(JobRequest.of("note", "in between")));
            try {
                awaitHealth(queue, false);
            } finally {
                // when
                MariaDbTestServer.sql("set global read_only = 0");
            }
            // then
            submit.get(30, SECONDS);
            assertEquals("in between", nextRun());
            awaitHealth(queue, true);
        }
    }

    private static void awaitHealth(JobQueue queue, boolean healthy) throws InterruptedException {
        long deadline = System.nanoTime() + SECONDS.toNanos(30);
        CountDownLatch pause = new CountDownLatch(1);
        while (queue.health().healthy() != healthy) {
            assertTrue(System.nanoTime() < deadline, () -> "still " + queue.health());
            assertFalse(pause.await(20, MILLISECONDS));
        }
    }
}
