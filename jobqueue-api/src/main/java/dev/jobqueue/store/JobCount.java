package dev.jobqueue.store;

import dev.jobqueue.job.JobStatus;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How many jobs there are of one queue, type and status. Immutable. */
public final class JobCount {
    private final String queue;
    private final String type;
    private final JobStatus status;
    private final long jobs;

    private JobCount(String queue, String type, JobStatus status, long jobs) {
        this.queue = Objects.requireNonNull(queue, "queue");
        this.type = Objects.requireNonNull(type, "type");
        this.status = Objects.requireNonNull(status, "status");
        this.jobs = jobs;
    }

    /** So many jobs of this queue, type and status. */
    public static JobCount of(String queue, String type, JobStatus status, long jobs) {
        return new JobCount(queue, type, status, jobs);
    }

    /** Their queue. */
    public String queue() {
        return queue;
    }

    /** Their type. */
    public String type() {
        return type;
    }

    /** Their status. */
    public JobStatus status() {
        return status;
    }

    /** How many: at least 1. */
    public long jobs() {
        return jobs;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JobCount that
                && queue.equals(that.queue)
                && type.equals(that.type)
                && status == that.status
                && jobs == that.jobs;
    }

    @Override
    public int hashCode() {
        return Objects.hash(queue, type, status, jobs);
    }

    @Override
    public String toString() {
        return jobs + " " + status + " of " + type + " in " + queue;
    }
}
