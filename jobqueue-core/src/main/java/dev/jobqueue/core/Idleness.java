package dev.jobqueue.core;

import dev.jobqueue.core.runtime.Deadline;
import dev.jobqueue.core.runtime.Monitor;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits until no job of a handled kind is PENDING or PROCESSING: asks the store for one such job, and never counts. */
final class Idleness {
    private static final Duration FIRST_LOOK = Duration.ofMillis(10);
    private static final Duration RARE_LOOK = Duration.ofSeconds(1);

    private final Platform platform;
    private final JobStore store;
    private final Set<String> queues;
    private final Set<String> types;
    private final Monitor monitor;
    private long settled;

    Idleness(Platform platform, JobStore store, Set<String> queues, Set<String> types) {
        this.platform = platform;
        this.store = store;
        this.queues = queues;
        this.types = types;
        this.monitor = platform.newMonitor();
    }

    /** This node has just put its last job away, so that all may be done. */
    void mayBe() {
        monitor.lock();
        try {
            settled++;
            monitor.signalAll();
        } finally {
            monitor.unlock();
        }
    }

    /**
     * Waits.
     *
     * @param holdsNothing false while this node still holds a job that nobody cancelled, which spares the store a question
     * @param claims what changes when this node claims: a job that ran and waits again between the two questions to the
     *     store is seen by neither. Other nodes claim, too, and a job that timed out or was taken elsewhere may come back
     *     without a claim: so one question about both kinds comes last. It may cost more than the two, and is asked only
     *     when these found none
     */
    boolean await(Duration timeout, BooleanSupplier holdsNothing, Supplier<?> claims) throws InterruptedException {
        Deadline deadline = Deadline.in(timeout, platform);
        Duration look = FIRST_LOOK;
        while (true) {
            long before = settled();
            Object claimsBefore = claims.get();
            if (holdsNothing.getAsBoolean()
                    && !hasAny(Set.of(JobStatus.PENDING))
                    && !hasAny(Set.of(JobStatus.PROCESSING))
                    && claims.get().equals(claimsBefore)
                    && !hasAny(Set.of(JobStatus.PENDING, JobStatus.PROCESSING))) {
                return true;
            }
            if (deadline.isPast()) {
                return false;
            }
            Deadline.in(deadline.leftAtMost(look), platform).awaitInterruptibly(monitor, () -> settled != before);
            look = look.multipliedBy(2).compareTo(RARE_LOOK) < 0 ? look.multipliedBy(2) : RARE_LOOK;
        }
    }

    private long settled() {
        monitor.lock();
        try {
            return settled;
        } finally {
            monitor.unlock();
        }
    }

    /** A store may list jobs that were not asked for, so its first page need not tell. */
    private boolean hasAny(Set<JobStatus> statuses) {
        if (types.isEmpty()) {
            return false;
        }
        JobFilter filter =
                JobFilter.any().withStatuses(statuses).withQueues(queues).withTypes(types);
        JobQuery query = JobQuery.of(filter)
                .in(statuses.equals(Set.of(JobStatus.PENDING)) ? JobOrder.CLAIM : JobOrder.STORE)
                .withLimit(1);
        while (true) {
            JobPage page = store.list(query);
            if (page.jobs().stream().anyMatch(filter::matches)) {
                return true;
            }
            Optional<String> next = page.next();
            if (next.isEmpty()) {
                return false;
            }
            query = query.after(next.get())
                    .withLimit(Math.min(100, store.traits().maxBatch()));
        }
    }
}
