package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobStatus.CANCELLED;
import static dev.jobqueue.job.JobStatus.COMPLETED;
import static dev.jobqueue.job.JobStatus.FAILED;
import static dev.jobqueue.job.JobStatus.PENDING;
import static dev.jobqueue.job.JobStatus.PROCESSING;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.InsertOutcome;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a store must hold, written down as plainly as it can be said: a map, and the rules once more in other words. */
final class StoreModel {
    private static final Map<JobStatus, Set<JobStatus>> EDGES = Map.of(
            PENDING, Set.of(PROCESSING, CANCELLED),
            PROCESSING, Set.of(COMPLETED, FAILED, PENDING, CANCELLED),
            FAILED, Set.of(PENDING),
            COMPLETED, Set.of(),
            CANCELLED, Set.of());
    private static final Set<JobStatus> REMOVABLE = Set.of(COMPLETED, FAILED, CANCELLED);
    private static final Set<JobStatus> AMENDABLE = Set.of(PENDING, PROCESSING);

    private final Map<JobId, Job> jobs = new TreeMap<>();

    static boolean hasEdge(JobStatus from, JobStatus to) {
        return EDGES.getOrDefault(from, Set.of()).contains(to);
    }

    Map<JobId, Job> jobs() {
        return jobs;
    }

    InsertOutcome insert(Job job) {
        return jobs.putIfAbsent(job.id(), job) == null ? InsertOutcome.stored() : InsertOutcome.sameId();
    }

    ApplyOutcome apply(Change change) {
        Job job = jobs.get(change.id());
        if (job == null) {
            return ApplyOutcome.missing();
        }
        JobInfo now = job.info();
        if (now.status() != change.from() || now.attempt() != change.attempt()) {
            return ApplyOutcome.stale(now.status(), now.attempt());
        }
        assertTrue(allows(change), () -> "the rules do not have: " + change);
        change.applyTo(now)
                .ifPresentOrElse(info -> jobs.put(info.id(), job.withInfo(info)), () -> jobs.remove(now.id()));
        return ApplyOutcome.applied();
    }

    private static boolean allows(Change change) {
        if (change.removes()) {
            return REMOVABLE.contains(change.from());
        }
        Optional<JobStatus> to = change.to();
        return to.isPresent() ? hasEdge(change.from(), to.get()) : AMENDABLE.contains(change.from());
    }

    /** The jobs that a claim must take, as they must stand then. */
    List<Job> claim(Node by, Instant now, int limit, String type) {
        List<Job> claimed = waiting(type)
                .filter(job -> !job.info().runAt().isAfter(now))
                .sorted(Comparator.comparing(
                        Job::info,
                        Comparator.comparingInt(JobInfo::priority)
                                .thenComparing(JobInfo::runAt)
                                .thenComparing(JobInfo::id)))
                .limit(limit)
                .map(job -> job.withInfo(job.info().claimed(by, now)))
                .toList();
        claimed.forEach(job -> jobs.put(job.id(), job));
        return claimed;
    }

    Optional<Instant> nextDue(String type) {
        return waiting(type).map(job -> job.info().runAt()).min(Comparator.naturalOrder());
    }

    private Stream<Job> waiting(String type) {
        return jobs.values().stream()
                .filter(job ->
                        job.info().status() == PENDING && job.info().type().equals(type));
    }
}
