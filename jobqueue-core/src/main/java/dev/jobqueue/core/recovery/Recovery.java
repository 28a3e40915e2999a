package dev.jobqueue.core.recovery;

import dev.jobqueue.RecoveryException;
import dev.jobqueue.core.delivery.DeliveryQueue;
import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.runtime.Deadline;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.core.runtime.Tries;
import dev.jobqueue.event.RecoveryCompleted;
import dev.jobqueue.event.RecoveryFailed;
import dev.jobqueue.event.RecoveryReport;
import dev.jobqueue.event.RecoveryStarted;
import dev.jobqueue.event.TypeUnhandled;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.option.RecoveryOptions;
import dev.jobqueue.store.JobCount;
import dev.jobqueue.store.JobStore;
import java.util.List;
import java.util.Set;

/**
 * Makes good what an earlier process left behind, before any worker runs: first every orphan goes back to PENDING, or in
 * quarantine; then references to due jobs go into the delivery queue until it is full; the rest stays in the store. Killed
 * at any point, it can simply be run again. It claims nothing.
 */
public final class Recovery {
    private final Platform platform;
    private final Reporter reporter;
    private final JobStore store;
    private final RecoveryOptions options;
    private final Set<String> queues;
    private final Set<String> types;

    /** Of this store; delivers jobs of these queues and types. */
    public Recovery(
            Platform platform,
            Reporter reporter,
            JobStore store,
            RecoveryOptions options,
            Set<String> queues,
            Set<String> types) {
        this.platform = platform;
        this.reporter = reporter;
        this.store = store;
        this.options = options;
        this.queues = queues;
        this.types = types;
    }

    /**
     * Recovers, for a node that has joined.
     *
     * @throws RecoveryException if the store fails for too long, time is over, or the thread is interrupted
     */
    public RecoveryReport recover(Node node, DeliveryQueue<JobId> references) {
        reporter.publish(new RecoveryStarted(node, store.traits().name()));
        Deadline deadline = Deadline.in(options.timeout(), platform);
        Tally tally = new Tally(platform);
        try {
            new Orphans(platform, reporter, store, options).recover(deadline, tally);
            new References(platform, store, options, queues, types).deliver(references, deadline, tally);
            count(tally, deadline);
        } catch (RuntimeException e) {
            RecoveryReport report = tally.report();
            reporter.publish(new RecoveryFailed(report, e));
            throw new RecoveryException(
                    "recovery gave up after " + report.recovered() + " of " + report.found() + " orphans found so far: "
                            + e.getMessage(),
                    report,
                    e);
        }
        RecoveryReport report = tally.report();
        reporter.publish(new RecoveryCompleted(report));
        report.unhandled().forEach((type, pending) -> reporter.publish(new TypeUnhandled(type, pending)));
        return report;
    }

    private void count(Tally tally, Deadline deadline) {
        List<JobCount> counts = Tries.within(deadline, platform).call(() -> store.counts(Set.of(JobStatus.PENDING)));
        for (JobCount count : counts) {
            if (!types.contains(count.type())) {
                tally.unhandled(count.type(), count.jobs());
            } else if (queues.contains(count.queue())) {
                tally.pending(count.jobs());
            }
        }
    }
}
