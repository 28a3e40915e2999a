package dev.jobqueue.core.dispatch;

import dev.jobqueue.core.completion.Completion;
import dev.jobqueue.core.completion.Result;
import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.core.delivery.HeldJobs;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.event.JobReleased;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Compares what the store says that this node holds with what it holds. What was claimed and never arrived is released;
 * what is held and was taken elsewhere, cancelled say, is stopped. To be used while no claim is under way.
 */
final class Holdings {
    private final Platform platform;
    private final JobStore store;
    private final HeldJobs held;
    private final Completion completion;
    private final Consumer<HeldJob> cancel;

    /** @param cancel told of each job whose handler must be told that it is this node's no longer */
    Holdings(Platform platform, JobStore store, HeldJobs held, Completion completion, Consumer<HeldJob> cancel) {
        this.platform = platform;
        this.store = store;
        this.held = held;
        this.completion = completion;
        this.cancel = cancel;
    }

    /** Compares what the store says of this incarnation. Returns how many jobs were released or stopped. */
    int compare(Node node) {
        List<HeldJob> before = held.all();
        Set<JobId> heldBefore = before.stream().map(job -> job.info().id()).collect(Collectors.toSet());
        Map<JobId, Integer> listed = new HashMap<>();
        int differences = 0;
        JobQuery query = JobQuery.of(JobFilter.any()
                        .withStatuses(Set.of(JobStatus.PROCESSING))
                        .withOwner(node.text()))
                .in(JobOrder.STORE)
                .withLimit(Math.min(500, store.traits().maxBatch()));
        for (JobPage page = store.list(query);
                ;
                page = store.list(query.after(page.next().get()))) {
            for (JobInfo job : page.jobs()) {
                listed.put(job.id(), job.attempt());
                if (!heldBefore.contains(job.id()) && held.find(job.id()).isEmpty()) {
                    release(job);
                    differences++;
                }
            }
            if (page.next().isEmpty()) {
                break;
            }
        }
        for (HeldJob job : before) {
            if (!Integer.valueOf(job.info().attempt())
                            .equals(listed.get(job.info().id()))
                    && isHeld(job)) {
                stop(job);
                differences++;
            }
        }
        return differences;
    }

    private boolean isHeld(HeldJob job) {
        return !job.isEnded() && held.find(job.info().id()).equals(Optional.of(job));
    }

    /** Its claim was done, and the claim's answer lost. Held until the store has this, so that it is not released twice. */
    private void release(JobInfo job) {
        HeldJob lost = new HeldJob(Job.of(job, new byte[0]));
        lost.end();
        held.add(lost);
        completion.add(new Result(
                job,
                "RELEASE",
                Change.release(job, platform.now()),
                new JobReleased(job.id(), job.type(), job.attempt(), job.runAt()),
                () -> held.remove(lost)));
    }

    /** It is this node's no longer. A handler that runs is told so, and its result will be refused. Any thread. */
    void stop(HeldJob job) {
        if (job.endUnlessBegun()) {
            held.remove(job);
        } else {
            cancel.accept(job);
        }
    }
}
