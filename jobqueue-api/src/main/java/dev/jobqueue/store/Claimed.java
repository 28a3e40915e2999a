package dev.jobqueue.store;

import dev.jobqueue.job.Job;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A claim's answer. Immutable. */
public final class Claimed {
    private final List<Job> jobs;
    private final @Nullable Instant nextDue;

    private Claimed(List<Job> jobs, @Nullable Instant nextDue) {
        this.jobs = List.copyOf(jobs);
        this.nextDue = nextDue;
    }

    /**
     * These jobs were claimed, as they stand now.
     *
     * @param nextDue if fewer jobs than asked were claimed: the earliest run-at among the PENDING jobs of the asked slots
     *     that were left; not after the request's now if more is due already, so that the caller claims again at once; none
     *     for {@link dev.jobqueue.job.JobInfo#NEVER}
     */
    public static Claimed of(List<Job> jobs, Optional<Instant> nextDue) {
        return new Claimed(jobs, nextDue.orElse(null));
    }

    /** The claimed jobs with their payloads: PROCESSING, best first. */
    public List<Job> jobs() {
        return jobs;
    }

    /** When to claim again at the latest, if the claim came back short. */
    public Optional<Instant> nextDue() {
        return Optional.ofNullable(nextDue);
    }

    @Override
    public String toString() {
        return jobs.size() + " claimed, next due " + nextDue;
    }
}
