package dev.jobqueue.store.memory;

import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobLimits;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.Suspects;
import dev.jobqueue.store.memory.Cursor.Creation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers one query for a page of jobs. Judges the whole filter. */
final class Listing {
    /** So many jobs one page looks at, in the orders that can go on from anywhere: the store is locked meanwhile. */
    static final int MOST_LOOKED_AT = 10_000;

    private static final Comparator<StoredJob> NEWEST_LAST = Comparator.comparing(Creation::of);

    private final Jobs jobs;
    private final JobQuery query;
    private final JobFilter filter;
    private final Set<String> live;

    /**
     * A query over these jobs.
     *
     * @param live the owners that have not ended
     */
    Listing(Jobs jobs, JobQuery query, Set<String> live) {
        this.jobs = jobs;
        this.query = query;
        this.filter = query.filter();
        this.live = live;
    }

    JobPage page() {
        return switch (query.order()) {
            case STORE -> pageOf(inStoreOrder());
            case CLAIM -> pageOf(inClaimOrder());
            case NEWEST -> newest();
            default -> throw Cursor.unknown(query.order());
        };
    }

    private Iterator<StoredJob> inStoreOrder() {
        long after = Cursor.sequence(query, jobs.inserted()).orElse(0L);
        Comparator<StoredJob> order = Comparator.comparingLong(StoredJob::sequence);
        if (!filter.ids().isEmpty()) {
            return named().stream()
                    .filter(job -> job.sequence() > after)
                    .sorted(order)
                    .iterator();
        }
        List<Iterator<StoredJob>> walks = new ArrayList<>();
        for (Shelf shelf : jobs.shelves().holding(filter, live)) {
            walks.add(shelf.after(after));
        }
        return Merge.of(walks, order);
    }

    /** Of PENDING jobs alone, as the traits have checked. */
    private Iterator<StoredJob> inClaimOrder() {
        Turn after = Cursor.turn(query).orElse(null);
        if (!filter.ids().isEmpty()) {
            return named().stream()
                    .filter(job -> after == null || job.turn().compareTo(after) > 0)
                    .sorted(Comparator.comparing(StoredJob::turn))
                    .iterator();
        }
        List<Lane> lanes = jobs.kinds().lanes(filter.queues(), filter.types(), Suspects.ANY);
        return Jobs.inTurn(lanes, after, filter.dueBy().orElse(JobLimits.NEVER));
    }

    private List<StoredJob> named() {
        List<StoredJob> named = new ArrayList<>();
        for (JobId id : filter.ids()) {
            StoredJob job = jobs.find(id);
            if (job != null) {
                named.add(job);
            }
        }
        return named;
    }

    private JobPage pageOf(Iterator<StoredJob> walk) {
        List<JobInfo> page = new ArrayList<>();
        StoredJob last = null;
        for (int lookedAt = 0; walk.hasNext(); lookedAt++) {
            if (last != null && (page.size() == query.limit() || lookedAt == MOST_LOOKED_AT)) {
                return JobPage.of(page, Optional.of(Cursor.after(query.order(), last)));
            }
            last = walk.next();
            if (matches(last)) {
                page.add(last.info());
            }
        }
        return JobPage.of(page, Optional.empty());
    }

    private boolean matches(StoredJob job) {
        return filter.matches(job.info())
                && !(filter.orphaned()
                        && job.info().owner().filter(live::contains).isPresent());
    }

    /** Keeps the best of all that match: no index is worth its cost on every insert, for a page that people look at. */
    private JobPage newest() {
        Creation before = Cursor.creation(query).orElse(null);
        PriorityQueue<StoredJob> newest = new PriorityQueue<>(NEWEST_LAST);
        if (filter.ids().isEmpty()) {
            for (Shelf shelf : jobs.shelves().holding(filter, live)) {
                shelf.latestFirst(job -> keep(job, before, newest));
            }
        } else {
            named().forEach(job -> keep(job, before, newest));
        }
        boolean more = newest.size() > query.limit();
        if (more) {
            newest.remove();
        }
        List<StoredJob> page = new ArrayList<>();
        while (!newest.isEmpty()) {
            page.add(newest.remove());
        }
        Collections.reverse(page);
        Optional<String> next =
                more ? Optional.of(Cursor.after(JobOrder.NEWEST, page.get(page.size() - 1))) : Optional.empty();
        return JobPage.of(page.stream().map(StoredJob::info).toList(), next);
    }

    /** Jobs come latest insert first, so that most of them end at the first comparison. */
    private void keep(StoredJob job, @Nullable Creation before, PriorityQueue<StoredJob> newest) {
        boolean full = newest.size() > query.limit();
        if (full && NEWEST_LAST.compare(job, newest.element()) < 0) {
            return;
        }
        if (matches(job) && (before == null || Creation.of(job).compareTo(before) < 0)) {
            newest.add(job);
            if (full) {
                newest.remove();
            }
        }
    }
}
