package dev.jobqueue.job;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Jobs for tests: one in a status, or any. */
public final class AnyJob {
    public static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
    public static final Node NODE = Node.of("node", new UUID(1, 2));

    private AnyJob() {}

    public static JobInfo in(JobStatus status) {
        return builder(status).build();
    }

    public static JobInfo.Builder builder(JobStatus status) {
        return JobInfo.builder(JobId.of("order-4711"), "email", CREATED)
                .status(status)
                .attempt(3)
                .owner(status == JobStatus.PROCESSING ? NODE.text() : null)
                .finishedAt(status.isFinal() ? CREATED.plusSeconds(9) : null);
    }

    public static Arbitrary<JobInfo> inAnyStatus() {
        return Arbitraries.of(JobStatus.class).flatMap(AnyJob::arbitraryIn);
    }

    public static Arbitrary<JobInfo> arbitraryIn(JobStatus status) {
        Arbitrary<Integer> counts = Arbitraries.integers().between(0, 9);
        Arbitrary<Instant> times = Arbitraries.longs().between(0, 1_000_000).map(CREATED::plusMillis);
        Arbitrary<String> texts =
                Arbitraries.strings().ascii().excludeChars('\0').ofMaxLength(9);
        Arbitrary<JobInfo.Builder> counted = Combinators.combine(counts, counts, counts, counts)
                .as((attempt, failures, crashes, priority) -> builder(status)
                        .attempt(attempt)
                        .failures(failures)
                        .crashes(crashes)
                        .priority(priority));
        return Combinators.combine(counted, times, times, texts, texts)
                .as((job, runAt, changedAt, error, text) -> job.runAt(runAt)
                        .changedAt(changedAt)
                        .error(error)
                        .hint(text)
                        .attributes(Map.of("trace", text, "tenant", error))
                        .memo(text.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .build());
    }
}
