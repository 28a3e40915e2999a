package dev.jobqueue.core.recovery;

import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.runtime.Deadline;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.core.runtime.Tries;
import dev.jobqueue.event.JobNotRecovered;
import dev.jobqueue.event.JobQuarantined;
import dev.jobqueue.event.JobRecovered;
import dev.jobqueue.event.RecoveryProgress;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.option.RecoveryOptions;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts orphans back to PENDING, and in quarantine those that are convicted of ending their process: one pass over all of them, page by page, on from each page's cursor. So its memory is that
 * of a page, its work that of the orphans, and a job that fails again and again stops neither the others nor the pass.
 */
final class Orphans {
    private static final int FAILING_MAKE_A_FAILING_STORE = 3;
    /** What the names of queues with the queue's own jobs begin with. */
    private static final String OWN_QUEUES = "jobqueue.";

    private final Platform platform;
    private final Reporter reporter;
    private final JobStore store;
    private final int pageSize;
    private final int maxConvictions;

    Orphans(Platform platform, Reporter reporter, JobStore store, RecoveryOptions options) {
        this.platform = platform;
        this.reporter = reporter;
        this.store = store;
        this.pageSize = Math.min(options.pageSize(), store.traits().maxBatch());
        this.maxConvictions = options.maxConvictions();
    }

    /**
     * One pass.
     *
     * @throws RecoveryStoppedException if time is over, or the thread is interrupted, between two pages
     * @throws StoreException if the store fails for too long
     */
    void recover(Deadline deadline, Tally tally) {
        JobQuery query = JobQuery.of(JobFilter.any()
                        .withStatuses(Set.of(JobStatus.PROCESSING))
                        .orphans())
                .in(JobOrder.STORE)
                .withLimit(pageSize);
        Optional<String> next;
        do {
            RecoveryStoppedException.check(deadline);
            JobQuery asked = query;
            JobPage page = Tries.within(deadline, platform).call(() -> store.list(asked));
            if (!page.jobs().isEmpty()) {
                recover(page.jobs(), deadline, tally);
                reporter.publish(new RecoveryProgress(tally.recoveredSoFar(), tally.failedSoFar(), tally.took()));
            }
            next = page.next();
            query = next.isPresent() ? query.after(next.get()) : query;
        } while (next.isPresent());
    }

    private void recover(List<JobInfo> jobs, Deadline deadline, Tally tally) {
        tally.found(jobs.size());
        List<JobInfo> orphans = new ArrayList<>();
        List<Change> changes = new ArrayList<>();
        for (JobInfo job : jobs) {
            try {
                changes.add(change(job));
                orphans.add(job);
            } catch (RuntimeException e) {
                failed(job, e, tally);
            }
        }
        if (!orphans.isEmpty()) {
            apply(orphans, changes, deadline, tally);
        }
    }

    /** Back to PENDING; or in quarantine, after one more crash that it suffered alone. Never a job of the queue's own. */
    private Change change(JobInfo orphan) {
        int convictions = orphan.convictions() + 1;
        if (!orphan.alone() || convictions < maxConvictions || orphan.queue().startsWith(OWN_QUEUES)) {
            return Change.recover(orphan, platform.now());
        }
        return Change.quarantine(
                orphan,
                platform.now(),
                "quarantined: its process ended " + (orphan.crashes() + 1) + " times in a row while it ran, "
                        + convictions + " of them while it ran alone");
    }

    private void apply(List<JobInfo> orphans, List<Change> changes, Deadline deadline, Tally tally) {
        Tries tries = Tries.within(deadline, platform);
        try {
            settle(orphans, changes, tries.call(() -> answered(changes)), tries.outcomeUnknown(), tally);
        } catch (RuntimeException e) {
            RecoveryStoppedException.check(deadline);
            boolean unknown = tries.outcomeUnknown() || !(e instanceof IllegalArgumentException);
            applySingly(orphans, changes, unknown, deadline, tally);
        }
    }

    /**
     * One job's data may be at fault, or the store's code for it: the others must not pay for it, so each goes alone, once.
     * Where the first few all fail it is the store, and none of them is to blame.
     */
    private void applySingly(
            List<JobInfo> orphans, List<Change> changes, boolean perhapsDone, Deadline deadline, Tally tally) {
        boolean answers = false;
        Map<JobInfo, RuntimeException> failures = new LinkedHashMap<>();
        for (int i = 0; i < orphans.size(); i++) {
            RecoveryStoppedException.check(deadline);
            JobInfo orphan = orphans.get(i);
            List<Change> change = List.of(changes.get(i));
            try {
                settle(List.of(orphan), change, answered(change), perhapsDone, tally);
                answers = true;
            } catch (IllegalArgumentException e) {
                failed(orphan, e, tally);
                answers = true;
            } catch (RuntimeException e) {
                failures.put(orphan, e);
                if (!answers && failures.size() == FAILING_MAKE_A_FAILING_STORE) {
                    throw e;
                }
            }
        }
        failures.forEach((orphan, e) -> failed(orphan, e, tally));
    }

    private List<ApplyOutcome> answered(List<Change> changes) {
        List<ApplyOutcome> outcomes = store.apply(changes);
        if (outcomes.size() != changes.size()) {
            throw new OutcomeUnknownException(
                    "apply must answer each of " + changes.size() + " changes, but answered " + outcomes.size(), null);
        }
        return outcomes;
    }

    private void settle(
            List<JobInfo> orphans,
            List<Change> changes,
            List<ApplyOutcome> outcomes,
            boolean outcomeUnknown,
            Tally tally) {
        for (int i = 0; i < outcomes.size(); i++) {
            settle(orphans.get(i), changes.get(i), outcomes.get(i), outcomeUnknown, tally);
        }
    }

    /** Stale: another node was first, or an earlier try of this one. Missing: gone. Neither is a failure. */
    private void settle(JobInfo orphan, Change change, ApplyOutcome outcome, boolean outcomeUnknown, Tally tally) {
        JobStatus to = change.to().orElseThrow();
        boolean doneBefore = outcomeUnknown && outcome.equals(ApplyOutcome.stale(to, orphan.attempt()));
        if (!outcome.isApplied() && !doneBefore) {
            return;
        }
        int crashes = orphan.crashes() + 1;
        if (to == JobStatus.FAILED) {
            tally.quarantined();
            reporter.publish(new JobQuarantined(
                    orphan.id(), orphan.type(), orphan.attempt(), crashes, orphan.convictions() + 1));
        } else {
            tally.recovered();
            reporter.publish(new JobRecovered(orphan.id(), orphan.type(), orphan.attempt(), crashes));
        }
    }

    private void failed(JobInfo orphan, RuntimeException cause, Tally tally) {
        tally.failed(orphan.id(), cause);
        reporter.publish(new JobNotRecovered(orphan.id(), orphan.type(), orphan.attempt(), cause));
    }
}
