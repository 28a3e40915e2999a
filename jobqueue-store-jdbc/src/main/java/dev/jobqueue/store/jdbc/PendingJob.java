package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.JobId;
import java.util.Comparator;
import java.util.UUID;

/** A PENDING job's place in the order of claims, and the number of its row. */
record PendingJob(int priority, long runAt, JobId id, long no) implements Comparable<PendingJob> {
    /** Before all jobs. */
    static final PendingJob FIRST = new PendingJob(-1, 0, JobId.of(new UUID(0, 0)), 0);

    private static final Comparator<PendingJob> ORDER = Comparator.comparingInt(PendingJob::priority)
            .thenComparingLong(PendingJob::runAt)
            .thenComparing(PendingJob::id);

    @Override
    public int compareTo(PendingJob other) {
        return ORDER.compare(this, other);
    }
}
