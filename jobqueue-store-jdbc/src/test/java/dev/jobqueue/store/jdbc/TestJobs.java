package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.StoreSession;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Jobs for tests: of type "mail" in the default queue, due at {@link #NOW}. */
final class TestJobs {
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    static final String TYPE = "mail";

    private TestJobs() {}

    static Job job(String name) {
        return job(name, with -> with);
    }

    static Job job(String name, UnaryOperator<JobInfo.Builder> with) {
        return Job.of(with.apply(JobInfo.builder(JobId.of(name), TYPE, NOW)).build(), new byte[] {1, 2, 3});
    }

    static List<Job> jobs(int count) {
        return IntStream.range(0, count).mapToObj(i -> job("job " + i)).toList();
    }

    static StoreSession join(JobStore store) {
        return join(store, "test");
    }

    static StoreSession join(JobStore store, String name) {
        return store.join(JoinRequest.of(Node.of(name, UUID.randomUUID()), Duration.ofSeconds(6), () -> {}));
    }

    static ClaimRequest claiming(int limit) {
        return ClaimRequest.of(NOW, limit, List.of(ClaimSlot.of(JobInfo.DEFAULT_QUEUE, Set.of(TYPE), limit)));
    }
}
