package dev.jobqueue.core.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.core.runtime.FakePlatform;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.StoreSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

/** What an earlier process left in a store: jobs in any status, those PROCESSING owned by a node that never says more. */
public final class LeftBehind {
    public static final Node EARLIER = Node.of("earlier", new UUID(0, 1));

    private static final Instant NOW = FakePlatform.BEGIN;

    private final JobStore store;
    private final StoreSession session;
    private int made;

    public LeftBehind(JobStore store) {
        this.store = store;
        this.session = store.join(JoinRequest.of(EARLIER, Duration.ofSeconds(6), () -> {}));
    }

    /** A job that is due. */
    public JobInfo pending(String type) {
        return insert(next(type));
    }

    public List<JobInfo> pending(String type, int jobs) {
        return IntStream.range(0, jobs).mapToObj(i -> pending(type)).toList();
    }

    /** A job that is due in an hour. */
    public JobInfo delayed(String type) {
        return insert(next(type).runAt(NOW.plusSeconds(3_600)));
    }

    public JobInfo orphan(String type) {
        return claimed(next(type));
    }

    public List<JobInfo> orphans(String type, int jobs) {
        return IntStream.range(0, jobs).mapToObj(i -> orphan(type)).toList();
    }

    public JobInfo completed(String type) {
        return changed(Change.complete(orphan(type), NOW));
    }

    public JobInfo failed(String type) {
        return changed(Change.fail(orphan(type), NOW, "it did not work"));
    }

    public JobInfo cancelled(String type) {
        return changed(Change.cancel(orphan(type), NOW));
    }

    /** A job in this status, otherwise as built. */
    public JobInfo in(JobStatus status, JobInfo.Builder job) {
        return switch (status) {
            case PENDING -> insert(job);
            case PROCESSING -> claimed(job);
            case COMPLETED -> changed(Change.complete(claimed(job), NOW));
            case FAILED -> changed(Change.fail(claimed(job), NOW, "it did not work"));
            case CANCELLED -> changed(Change.cancel(claimed(job), NOW));
        };
    }

    /** A job to be built further, with the next id. */
    public JobInfo.Builder next(String type) {
        return JobInfo.builder(JobId.of(new UUID(7, ++made)), type, NOW);
    }

    private JobInfo insert(JobInfo.Builder job) {
        JobInfo info = job.build();
        assertTrue(store.insert(List.of(Job.of(info, new byte[] {1}))).get(0).isStored());
        return info;
    }

    /** By a claim of its queue and type, which takes the best there is: so this must be the only one. */
    private JobInfo claimed(JobInfo.Builder job) {
        JobInfo wanted = insert(job);
        ClaimSlot slot = ClaimSlot.of(wanted.queue(), Set.of(wanted.type()), 1);
        List<Job> claimed =
                session.claim(ClaimRequest.of(wanted.runAt(), 1, List.of(slot))).jobs();
        assertEquals(
                List.of(wanted.id()),
                claimed.stream().map(Job::id).toList(),
                "make jobs that stay PENDING after all others of their queue and type");
        return claimed.get(0).info();
    }

    private JobInfo changed(Change change) {
        assertTrue(store.apply(List.of(change)).get(0).isApplied());
        return now(change.id());
    }

    /** How the job stands now. */
    public JobInfo now(JobId id) {
        return store.find(id).orElseThrow().info();
    }

    /** All jobs of a store, as they stand now. */
    public static List<JobInfo> all(JobStore store) {
        List<JobInfo> jobs = new ArrayList<>();
        JobQuery query = JobQuery.of(JobFilter.any()).in(JobOrder.STORE);
        while (true) {
            JobPage page = store.list(query);
            jobs.addAll(page.jobs());
            Optional<String> next = page.next();
            if (next.isEmpty()) {
                return jobs;
            }
            query = query.after(next.get());
        }
    }
}
