package dev.jobqueue.examples;

import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.JobType;
import dev.jobqueue.job.JobId;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;

/** Payloads that are values: a type is a stable name and a codec, and submit and handler agree by the compiler. */
public final class TypedPayloads {
    /** What the jobs of {@link #EMAIL} are about. */
    record Email(String to, String subject) {}

    /** The name stands in the store: keep it when classes are renamed. */
    static final JobType<Email> EMAIL = JobType.of("email", JacksonCodec.of(Email.class));

    private TypedPayloads() {}

    /** Takes no arguments. */
    public static void main(String[] args) throws InterruptedException {
        try (JobQueue queue = JobQueue.builder()
                .store(MemoryJobStore::create)
                .handler(EMAIL, (job, email) -> System.out.println("to " + email.to() + ": " + email.subject()))
                .build()) {
            queue.start();
            queue.submit(EMAIL.of(new Email("ada@example.org", "Your engine is ready")));
            queue.awaitIdle(Duration.ofMinutes(1));

            // a payload that the codec cannot read is no reason to lose its job, or to try it again
            JobId bad = queue.submit(JobRequest.of("email", "not JSON")).id();
            queue.await(bad, Duration.ofMinutes(1))
                    .ifPresent(job -> System.out.println(job.status() + ", and kept: \"not JSON\""));
        }
    }
}
