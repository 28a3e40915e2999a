package dev.jobqueue.examples;

import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.store.jdbc.SqliteJobStore;
import java.nio.file.Path;
import java.time.Duration;

/** The smallest program: one job, kept in a file. Kill it at any point, start it again, and the job is run. */
public final class HelloQueue {
    private HelloQueue() {}

    /** Takes the file; default: {@code jobs.db}. */
    public static void main(String[] args) throws InterruptedException {
        Path file = Path.of(args.length > 0 ? args[0] : "jobs.db");
        try (JobQueue queue = JobQueue.builder()
                .store(() -> SqliteJobStore.open(file))
                .handler("greet", job -> System.out.println("Hello, " + job.text() + "!"))
                .build()) { // recovers what the last process left behind
            queue.start();
            queue.submit(JobRequest.of("greet", "world")); // in the file when it returns
            queue.awaitIdle(Duration.ofMinutes(1));
        }
    }
}
