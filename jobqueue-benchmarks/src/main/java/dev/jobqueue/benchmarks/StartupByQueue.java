package dev.jobqueue.benchmarks;

import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.store.jdbc.SqliteJobStore;
import java.nio.file.Path;
import java.time.Duration;

/** The README's program, with stamps. */
final class StartupByQueue {
    private StartupByQueue() {}

    public static void main(String[] arguments) throws InterruptedException {
        Path file = Path.of(arguments[0]);
        Stamps stamps = new Stamps();
        try (JobQueue queue = JobQueue.builder()
                .store(() -> SqliteJobStore.open(file))
                .handler("email", job -> stamps.ran())
                .build()) {
            queue.start();
            queue.submit(JobRequest.of("email", "hello@example.org"));
            queue.awaitIdle(Duration.ofMinutes(1));
            stamps.afterwards();
        }
        stamps.closed();
    }
}
