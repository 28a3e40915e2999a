package dev.jobqueue.examples.journal;

import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import java.nio.file.Path;
import java.time.Duration;

/** A queue over a store of one's own is a queue as any other. */
public final class JournalQueue {
    private JournalQueue() {}

    /** Takes the file; default: {@code jobs.journal}. */
    public static void main(String[] args) throws InterruptedException {
        Path file = Path.of(args.length > 0 ? args[0] : "jobs.journal");
        try (JobQueue queue = JobQueue.builder()
                .store(() -> JournalJobStore.open(file))
                .handler("greet", job -> System.out.println("Hello, " + job.text() + "! This stands in " + file))
                .build()) {
            queue.start();
            queue.submit(JobRequest.of("greet", "journal"));
            queue.awaitIdle(Duration.ofMinutes(1));
        }
    }
}
