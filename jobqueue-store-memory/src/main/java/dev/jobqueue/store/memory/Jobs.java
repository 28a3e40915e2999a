package dev.jobqueue.store.memory;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JobCount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All jobs, and the indexes by which they are found. Not thread-safe: the store locks. */
final class Jobs {
    private final Map<JobId, StoredJob> byId = new HashMap<>();
    private final Kinds kinds = new Kinds();
    private final Shelves shelves = new Shelves();
    private long inserted;

    InsertOutcome insert(Job job) {
        if (byId.containsKey(job.id())) {
            return InsertOutcome.sameId();
        }
        Kind kind = kinds.of(job.info().queue(), job.info().type());
        StoredJob stored = new StoredJob(++inserted, kind, job);
        byId.put(job.id(), stored);
        index(stored);
        return InsertOutcome.stored();
    }

    ApplyOutcome apply(Change change) {
        StoredJob job = byId.get(change.id());
        if (job == null) {
            return ApplyOutcome.missing();
        }
        if (!change.holds(job.info())) {
            return ApplyOutcome.stale(job.info().status(), job.info().attempt());
        }
        Optional<JobInfo> changed = change.applyTo(job.info());
        if (changed.isPresent()) {
            become(job, changed.get());
        } else {
            remove(job);
        }
        return ApplyOutcome.applied();
    }

    private void become(StoredJob job, JobInfo changed) {
        unindex(job);
        job.becomes(changed);
        index(job);
    }

    private void remove(StoredJob job) {
        unindex(job);
        byId.remove(job.info().id());
        if (job.kind().isEmpty()) {
            kinds.drop(job.kind());
        }
    }

    private void index(StoredJob job) {
        job.kind().add(job);
        shelves.add(job);
    }

    private void unindex(StoredJob job) {
        job.kind().remove(job);
        shelves.remove(job);
    }

    Claimed claim(Node node, ClaimRequest request) {
        List<Job> claimed = new ArrayList<>();
        for (ClaimSlot slot : request.slots()) {
            for (StoredJob job : due(slot, request.now(), Math.min(slot.limit(), request.limit() - claimed.size()))) {
                become(job, job.info().claimed(node, request.now()));
                claimed.add(job.job());
            }
        }
        boolean isShort = claimed.size() < request.limit();
        return Claimed.of(claimed, isShort ? earliestLeft(request.slots()) : Optional.empty());
    }

    private List<StoredJob> due(ClaimSlot slot, Instant now, int limit) {
        List<StoredJob> due = new ArrayList<>();
        Iterator<StoredJob> walk = inTurn(lanes(slot), null, now);
        while (due.size() < limit && walk.hasNext()) {
            due.add(walk.next());
        }
        return due;
    }

    private Optional<Instant> earliestLeft(List<ClaimSlot> slots) {
        long earliest = Long.MAX_VALUE;
        for (ClaimSlot slot : slots) {
            for (Lane lane : lanes(slot)) {
                earliest = Math.min(earliest, lane.earliestDue());
            }
        }
        return earliest == Long.MAX_VALUE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(earliest));
    }

    private List<Lane> lanes(ClaimSlot slot) {
        return kinds.lanes(Set.of(slot.queue()), slot.types(), slot.suspects());
    }

    /** The jobs of these lanes that are due by then, in the order of claims, after that turn if there is one. */
    static Iterator<StoredJob> inTurn(List<Lane> lanes, @Nullable Turn after, Instant dueBy) {
        long by = dueBy.toEpochMilli();
        List<Iterator<StoredJob>> walks = new ArrayList<>(lanes.size());
        for (Lane lane : lanes) {
            walks.add(after == null ? lane.due(by) : lane.dueAfter(after, by));
        }
        return Merge.of(walks, Comparator.comparing(StoredJob::turn));
    }

    @Nullable
    StoredJob find(JobId id) {
        return byId.get(id);
    }

    List<JobCount> counts(Set<JobStatus> statuses) {
        return kinds.counts(statuses);
    }

    Kinds kinds() {
        return kinds;
    }

    Shelves shelves() {
        return shelves;
    }

    /** The sequence of the latest insert. */
    long inserted() {
        return inserted;
    }
}
