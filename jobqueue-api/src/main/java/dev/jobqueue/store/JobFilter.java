package dev.jobqueue.store;

import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobLimits;
import dev.jobqueue.job.JobStatus;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which jobs a list shows: those that meet every condition that was set. Immutable. */
public final class JobFilter {
    private static final JobFilter ANY = new JobFilter(Set.of(), Set.of(), null, false, Set.of(), Set.of(), null);

    private final Set<JobId> ids;
    private final Set<JobStatus> statuses;
    private final @Nullable String owner;
    private final boolean orphaned;
    private final Set<String> queues;
    private final Set<String> types;
    private final @Nullable Instant dueBy;

    private JobFilter(
            Set<JobId> ids,
            Set<JobStatus> statuses,
            @Nullable String owner,
            boolean orphaned,
            Set<String> queues,
            Set<String> types,
            @Nullable Instant dueBy) {
        this.ids = ids;
        this.statuses = statuses;
        this.owner = owner;
        this.orphaned = orphaned;
        this.queues = queues;
        this.types = types;
        this.dueBy = dueBy;
    }

    /** All jobs. */
    public static JobFilter any() {
        return ANY;
    }

    /** Only these jobs; at least one id. */
    public JobFilter withIds(Set<JobId> some) {
        return new JobFilter(checked("ids", some), statuses, owner, orphaned, queues, types, dueBy);
    }

    /** Only jobs in one of these statuses; at least one. */
    public JobFilter withStatuses(Set<JobStatus> some) {
        return new JobFilter(ids, checked("statuses", some), owner, orphaned, queues, types, dueBy);
    }

    /** Only jobs that this node holds: a {@link dev.jobqueue.job.Node#text()}. */
    public JobFilter withOwner(String node) {
        return new JobFilter(ids, statuses, Objects.requireNonNull(node, "node"), orphaned, queues, types, dueBy);
    }

    /** Only orphans: PROCESSING jobs whose owner has ended, or is not known to the store. */
    public JobFilter orphans() {
        return new JobFilter(ids, statuses, owner, true, queues, types, dueBy);
    }

    /** Only jobs in one of these queues; at least one. */
    public JobFilter withQueues(Set<String> some) {
        return new JobFilter(ids, statuses, owner, orphaned, checked("queues", some), types, dueBy);
    }

    /** Only jobs of one of these types; at least one. */
    public JobFilter withTypes(Set<String> some) {
        return new JobFilter(ids, statuses, owner, orphaned, queues, checked("types", some), dueBy);
    }

    /** Only jobs whose run-at is not after this. */
    public JobFilter withDueBy(Instant time) {
        return new JobFilter(ids, statuses, owner, orphaned, queues, types, JobLimits.checkTime("due-by", time));
    }

    private static <T> Set<T> checked(String what, Set<T> some) {
        if (some.isEmpty()) {
            throw new IllegalArgumentException("a filter by " + what + " needs at least one, but had none");
        }
        return Collections.unmodifiableSet(new LinkedHashSet<>(some));
    }

    /** The asked ids; empty: any. */
    public Set<JobId> ids() {
        return ids;
    }

    /** The asked statuses; empty: any. */
    public Set<JobStatus> statuses() {
        return statuses;
    }

    /** The asked owner. */
    public Optional<String> owner() {
        return Optional.ofNullable(owner);
    }

    /** Whether only orphans are asked for. */
    public boolean orphaned() {
        return orphaned;
    }

    /** The asked queues; empty: any. */
    public Set<String> queues() {
        return queues;
    }

    /** The asked types; empty: any. */
    public Set<String> types() {
        return types;
    }

    /** The asked latest run-at. */
    public Optional<Instant> dueBy() {
        return Optional.ofNullable(dueBy);
    }

    /** Whether the job meets every condition but {@link #orphaned()}, of which it must only be PROCESSING: the store knows who has ended. */
    public boolean matches(JobInfo job) {
        return (ids.isEmpty() || ids.contains(job.id()))
                && (statuses.isEmpty() || statuses.contains(job.status()))
                && (owner == null || owner.equals(job.owner().orElse(null)))
                && (!orphaned || job.status() == JobStatus.PROCESSING)
                && (queues.isEmpty() || queues.contains(job.queue()))
                && (types.isEmpty() || types.contains(job.type()))
                && (dueBy == null || !job.runAt().isAfter(dueBy));
    }

    @Override
    public String toString() {
        return "ids=" + ids + " statuses=" + statuses + " owner=" + owner + " orphaned=" + orphaned + " queues="
                + queues + " types=" + types + " dueBy=" + dueBy;
    }
}
