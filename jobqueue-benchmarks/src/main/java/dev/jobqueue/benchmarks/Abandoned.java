package dev.jobqueue.benchmarks;

import dev.jobqueue.JobClient;
import dev.jobqueue.JobRequest;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.jdbc.SqliteJobStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A file as a node leaves it that is killed in mid-work: jobs PROCESSING under it, and others PENDING. Made through the
 * front door, batch by batch, so that its rows are what the library writes.
 */
record Abandoned(Path path, int orphans, int pending) {
    static final String TYPE = "work";

    private static final int SAY_EACH = 1_000_000;

    static Abandoned create(Path path, int orphans, int pending, Consumer<String> progress) {
        try (SqliteJobStore store = SqliteJobStore.open(path)) {
            submit(store, orphans, progress);
            claim(store, orphans);
            submit(store, pending, progress);
        }
        return new Abandoned(path, orphans, pending);
    }

    /** Adds PENDING jobs to a copy of the file. */
    Abandoned grown(Path copy, int more, Consumer<String> progress) {
        try (SqliteJobStore store = SqliteJobStore.open(copy)) {
            submit(store, more, progress);
        }
        return new Abandoned(copy, orphans, pending + more);
    }

    private static void submit(JobStore store, int jobs, Consumer<String> progress) {
        JobClient client = JobClient.over(store);
        JobRequest request = JobRequest.of(TYPE, "what a small job says about itself");
        int batch = store.traits().maxBatch();
        for (int done = 0; done < jobs; done += batch) {
            client.submitAll(Collections.nCopies(Math.min(batch, jobs - done), request));
            if (done % SAY_EACH == 0 && done > 0) {
                progress.accept("preparing: %,d of %,d jobs".formatted(done, jobs));
            }
        }
    }

    private static void claim(JobStore store, int jobs) {
        Node node = Node.of("killed", new UUID(0, 1));
        JoinRequest request = JoinRequest.of(node, Duration.ofSeconds(6), () -> {});
        int claimed = 0;
        try (StoreSession session = store.join(request)) {
            while (claimed < jobs) {
                int batch = Math.min(store.traits().maxBatch(), jobs - claimed);
                ClaimSlot slot = ClaimSlot.of(JobInfo.DEFAULT_QUEUE, Set.of(TYPE), batch);
                int got = session.claim(ClaimRequest.of(Instant.now(), batch, List.of(slot)))
                        .jobs()
                        .size();
                if (got == 0) {
                    throw new IllegalStateException(
                            "%,d jobs must be claimable, but only %,d were".formatted(jobs, claimed));
                }
                claimed += got;
            }
        }
    }
}
