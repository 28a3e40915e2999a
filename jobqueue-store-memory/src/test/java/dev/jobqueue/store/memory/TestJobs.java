package dev.jobqueue.store.memory;

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

/** Jobs and claims for the tests of this package. */
final class TestJobs {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private TestJobs() {}

    static JobInfo.Builder aJob(long number) {
        return aJob(number, "email");
    }

    static JobInfo.Builder aJob(long number, String type) {
        return JobInfo.builder(JobId.of(new UUID(0x7000L, number)), type, START);
    }

    static Job stored(JobInfo.Builder job) {
        return Job.of(job.build(), new byte[] {1});
    }

    static Job stored(long number) {
        return stored(aJob(number));
    }

    static Node node(String name) {
        return Node.of(name, UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    static StoreSession join(JobStore store, String name) {
        return join(store, name, () -> {});
    }

    static StoreSession join(JobStore store, String name, Runnable wakeUp) {
        return store.join(JoinRequest.of(node(name), Duration.ofSeconds(6), wakeUp));
    }

    static ClaimRequest claimOf(int limit) {
        return claimOf(limit, START);
    }

    static ClaimRequest claimOf(int limit, Instant now) {
        return ClaimRequest.of(now, limit, List.of(ClaimSlot.of(JobInfo.DEFAULT_QUEUE, Set.of("email"), limit)));
    }
}
