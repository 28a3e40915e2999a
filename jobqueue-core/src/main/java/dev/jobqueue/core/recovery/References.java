package dev.jobqueue.core.recovery;

import dev.jobqueue.core.delivery.DeliveryQueue;
import dev.jobqueue.core.runtime.Backoff;
import dev.jobqueue.core.runtime.Deadline;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.core.runtime.Tries;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.option.Backpressure;
import dev.jobqueue.option.RecoveryOptions;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import java.util.Optional;
import java.util.Set;

/** Puts references to due PENDING jobs into the delivery queue, in the order of claims, until it is full. */
final class References {
    private final Platform platform;
    private final JobStore store;
    private final RecoveryOptions options;
    private final Set<String> queues;
    private final Set<String> types;

    References(Platform platform, JobStore store, RecoveryOptions options, Set<String> queues, Set<String> types) {
        this.platform = platform;
        this.store = store;
        this.options = options;
        this.queues = queues;
        this.types = types;
    }

    /**
     * Delivers.
     *
     * @throws RecoveryStoppedException if time is over or the thread interrupted; or, with
     *     {@link Backpressure#waiting()}, if the queue stayed full
     */
    void deliver(DeliveryQueue<JobId> references, Deadline deadline, Tally tally) {
        if (types.isEmpty()) {
            return;
        }
        JobFilter due = JobFilter.any()
                .withStatuses(Set.of(JobStatus.PENDING))
                .withQueues(queues)
                .withTypes(types)
                .withDueBy(platform.now());
        JobQuery query = JobQuery.of(due)
                .in(JobOrder.CLAIM)
                .withLimit(Math.min(options.pageSize(), store.traits().maxBatch()));
        Optional<String> next;
        boolean filtered = true;
        do {
            RecoveryStoppedException.check(deadline);
            // a store that leaves the filter to its caller is read in whole pages
            JobQuery asked = filtered ? query.withLimit(Math.max(1, Math.min(query.limit(), room(references)))) : query;
            JobPage page = Tries.within(deadline, platform).call(() -> store.list(asked));
            filtered = page.jobs().stream().allMatch(due::matches);
            for (JobInfo job : page.jobs()) {
                if (due.matches(job)) {
                    if (!offer(references, job, deadline)) {
                        return;
                    }
                    tally.delivered();
                }
            }
            next = page.next();
            query = next.isPresent() ? query.after(next.get()) : query;
        } while (next.isPresent()
                && (room(references) > 0 || options.backpressure().waits()));
    }

    private static int room(DeliveryQueue<JobId> references) {
        return references.capacity() - references.size();
    }

    /** Whether the queue took it. False: it is full, and the rest is deferred. */
    private boolean offer(DeliveryQueue<JobId> references, JobInfo job, Deadline deadline) {
        if (references.offer(job.id())) {
            return true;
        }
        Backpressure backpressure = options.backpressure();
        if (!backpressure.waits()) {
            return false;
        }
        for (int tried = 1; tried <= backpressure.tries(); tried++) {
            pause(backpressure, tried);
            RecoveryStoppedException.check(deadline);
            if (references.offer(job.id())) {
                return true;
            }
        }
        throw new RecoveryStoppedException("the delivery queue of " + references.capacity() + " jobs stayed full for "
                + backpressure.tries() + " tries; raise deliveryCapacity, or use Backpressure.deferring()");
    }

    private void pause(Backpressure backpressure, int next) {
        try {
            Backoff.pause(backpressure.delayBefore(next), platform);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the check that follows says so
        }
    }
}
