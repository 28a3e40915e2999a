package dev.jobqueue.store.memory;

import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobFilter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Each job on one shelf: that of its owner while it is PROCESSING, else that of its status. So what a node holds and what
 * orphans hold is found without a look at any other job.
 */
final class Shelves {
    private final Map<JobStatus, Shelf> byStatus = new EnumMap<>(JobStatus.class);
    private final Map<String, Shelf> byOwner = new HashMap<>();

    void add(StoredJob job) {
        Optional<String> owner = job.info().owner();
        if (owner.isPresent()) {
            byOwner.computeIfAbsent(owner.get(), name -> new Shelf()).add(job);
        } else {
            byStatus.computeIfAbsent(job.info().status(), status -> new Shelf()).add(job);
        }
    }

    void remove(StoredJob job) {
        Shelf shelf = shelfOf(job.info());
        shelf.remove(job);
        if (shelf.isEmpty()) {
            job.info().owner().ifPresent(byOwner::remove);
        }
    }

    private Shelf shelfOf(JobInfo job) {
        Shelf shelf = job.owner().map(byOwner::get).orElseGet(() -> byStatus.get(job.status()));
        if (shelf == null) {
            throw new IllegalStateException("no shelf for " + job);
        }
        return shelf;
    }

    /**
     * The shelves on which all stand that this filter can match.
     *
     * @param live the owners that have not ended
     */
    List<Shelf> holding(JobFilter filter, Set<String> live) {
        List<Shelf> shelves = new ArrayList<>();
        boolean ownedOnly = filter.orphaned() || filter.owner().isPresent();
        byStatus.forEach((status, shelf) -> {
            if (!ownedOnly && asksFor(status, filter)) {
                shelves.add(shelf);
            }
        });
        if (asksFor(JobStatus.PROCESSING, filter)) {
            byOwner.forEach((owner, shelf) -> {
                boolean asked = filter.owner().map(owner::equals).orElse(true);
                boolean orphaned = !live.contains(owner);
                if (asked && (orphaned || !filter.orphaned())) {
                    shelves.add(shelf);
                }
            });
        }
        return shelves;
    }

    /** Whether a job is PROCESSING under this owner. */
    boolean hasOwner(String owner) {
        return byOwner.containsKey(owner);
    }

    private static boolean asksFor(JobStatus status, JobFilter filter) {
        return filter.statuses().isEmpty() || filter.statuses().contains(status);
    }
}
