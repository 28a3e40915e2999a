package dev.jobqueue.examples;

import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * A handler that may run twice, even at the same time with itself. Its effect is written along with the job's id and the
 * attempt: the id makes the second run overwrite the first instead of adding to it, and the attempt, which never goes
 * down, makes a late first run harmless.
 */
public final class SafeToRunTwice {
    private SafeToRunTwice() {}

    /** Takes no arguments. */
    public static void main(String[] args) throws InterruptedException, SQLException {
        CountDownLatch woken = new CountDownLatch(1);
        CountDownLatch refused = new CountDownLatch(1);
        try (Payments payments = Payments.open();
                JobQueue queue = JobQueue.builder()
                        .store(MemoryJobStore::create)
                        .retry(retry -> retry.withFirstDelay(Duration.ofMillis(10)))
                        .handler(
                                "pay",
                                job -> {
                                    if (job.attempt() == 1) {
                                        System.out.println("attempt 1 hangs before it pays");
                                        awaitWhateverHappens(woken);
                                    }
                                    boolean paid = payments.pay(job.id(), job.attempt(), job.text(), 100);
                                    System.out.println("attempt " + job.attempt() + (paid ? " pays" : " is refused"));
                                    (paid ? woken : refused).countDown();
                                },
                                options -> options.withTimeout(Duration.ofSeconds(1)))
                        .build()) {
            queue.start();
            queue.submit(JobRequest.of("pay", "alice"));
            refused.await();
            System.out.println("alice has " + payments.total("alice"));
        }
    }

    /** Like a process that was suspended: it is told to stop, does not notice, and goes on much later. */
    private static void awaitWhateverHappens(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
