package dev.jobqueue.examples;

import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.event.RecoveryReport;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * The store outlives its queue: the first queue is abandoned in mid-work, never stopped, and a second one over the same
 * store recovers its jobs. What a handler of the first one says after that is refused.
 */
public final class AbandonedQueue {
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(1);

    private AbandonedQueue() {}

    /** Takes no arguments. */
    public static void main(String[] args) throws InterruptedException {
        MemoryJobStore store = MemoryJobStore.create();
        CountDownLatch working = new CountDownLatch(2);
        CountDownLatch goOn = new CountDownLatch(1);

        JobQueue first = JobQueue.builder()
                .store(store)
                .workers(2)
                .deliveryCapacity(2)
                .handler("letter", job -> {
                    working.countDown();
                    goOn.await(); // hangs in mid-work, as far as anybody can tell
                })
                .build();
        first.start();
        for (int letter = 1; letter <= 6; letter++) {
            first.submit(JobRequest.of("letter", "letter " + letter));
        }
        working.await();
        System.out.println("the first queue is abandoned in mid-work");

        try (JobQueue second = JobQueue.builder()
                .store(store)
                .handler("letter", job -> System.out.println(job.text() + " at attempt " + job.attempt()))
                .build()) {
            RecoveryReport report = second.recovery();
            System.out.println("the second queue recovered " + report.recovered() + " of " + report.pending());
            second.start();
            second.awaitIdle(LONG_ENOUGH);
            goOn.countDown(); // the first queue's handlers return at last: too late
            first.close();
            long completed = second.counts(JobStatus.COMPLETED).stream()
                    .mapToLong(count -> count.jobs())
                    .sum();
            System.out.println(completed + " of 6 letters are COMPLETED");
        }
    }
}
