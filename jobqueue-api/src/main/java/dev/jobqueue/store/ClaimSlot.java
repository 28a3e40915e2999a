package dev.jobqueue.store;

import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobLimits;
import dev.jobqueue.job.JobStatus;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/** A part of a claim: how many jobs of which queue and types. Immutable. */
public final class ClaimSlot {
    private final String queue;
    private final Set<String> types;
    private final int limit;
    private final Suspects suspects;

    private ClaimSlot(String queue, Set<String> types, int limit, Suspects suspects) {
        this.queue = JobLimits.checkName("queue", queue);
        this.types = Collections.unmodifiableSet(new LinkedHashSet<>(types));
        this.limit = limit;
        this.suspects = suspects;
        if (types.isEmpty() || limit < 1) {
            throw new IllegalArgumentException("a slot needs a type and a limit of at least 1, but had " + types.size()
                    + " types and a limit of " + limit);
        }
    }

    /**
     * Jobs of this queue and of any of these types, suspects or not.
     *
     * @param types at least one
     * @param limit at least 1
     */
    public static ClaimSlot of(String queue, Set<String> types, int limit) {
        return new ClaimSlot(queue, types, limit, Suspects.ANY);
    }

    /** The same with another choice of suspects. */
    public ClaimSlot withSuspects(Suspects choice) {
        return new ClaimSlot(queue, types, limit, Objects.requireNonNull(choice, "choice"));
    }

    /** The queue to claim from. */
    public String queue() {
        return queue;
    }

    /** The types to claim. */
    public Set<String> types() {
        return types;
    }

    /** The most jobs to claim for this slot. */
    public int limit() {
        return limit;
    }

    /** Which jobs as to suspects. */
    public Suspects suspects() {
        return suspects;
    }

    /** Whether a claim at {@code now} may take this job for this slot: it is PENDING, due, and of the asked kind. */
    public boolean takes(JobInfo job, Instant now) {
        return waits(job) && !job.runAt().isAfter(now);
    }

    /** Whether the job is PENDING and of the asked kind, due or not. */
    public boolean waits(JobInfo job) {
        return job.status() == JobStatus.PENDING
                && job.queue().equals(queue)
                && types.contains(job.type())
                && switch (suspects) {
                    case ANY -> true;
                    case NONE -> !job.suspect();
                    case ONLY -> job.suspect();
                };
    }

    @Override
    public String toString() {
        return limit + " of " + types + " in " + queue + ", suspects " + suspects;
    }
}
