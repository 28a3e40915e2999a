package dev.jobqueue.store.memory;

import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobLimits;
import java.util.UUID;

/**
 * When a job's turn comes: the order of claims. Holds its parts as numbers, since each claim and insert compares many.
 *
 * @param dueAt the run-at, in milliseconds since 1970
 */
record Turn(int priority, long dueAt, long idHigh, long idLow) implements Comparable<Turn> {
    private static final long NEVER = JobLimits.NEVER.toEpochMilli();

    static Turn of(JobInfo job) {
        return of(job.priority(), job.runAt().toEpochMilli(), job.id());
    }

    static Turn of(int priority, long dueAt, JobId id) {
        UUID value = id.value();
        return new Turn(priority, dueAt, value.getMostSignificantBits(), value.getLeastSignificantBits());
    }

    /** The earliest turn that a job of this priority may have. */
    static Turn earliestOf(int priority) {
        return new Turn(priority, 0, 0, 0);
    }

    boolean isNever() {
        return dueAt == NEVER;
    }

    @Override
    public int compareTo(Turn other) {
        if (priority != other.priority) {
            return Integer.compare(priority, other.priority);
        }
        if (dueAt != other.dueAt) {
            return Long.compare(dueAt, other.dueAt);
        }
        if (idHigh != other.idHigh) {
            return Long.compareUnsigned(idHigh, other.idHigh);
        }
        return Long.compareUnsigned(idLow, other.idLow);
    }
}
