package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.JobId;
import java.util.UUID;

/** A PENDING job's place in the order of claims, and the number of its row. */
record PendingJob(int priority, long runAt, JobId id, long no) implements Comparable<PendingJob> {
    /** Before all jobs. */
    static final PendingJob FIRST = new PendingJob(-1, 0, JobId.of(new UUID(0, 0)), 0);

    @Override
    public int compareTo(PendingJob other) {
        if (priority != other.priority) {
            return Integer.compare(priority, other.priority);
        }
        return runAt != other.runAt ? Long.compare(runAt, other.runAt) : id.compareTo(other.id);
    }
}
