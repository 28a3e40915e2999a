package dev.jobqueue.core.recovery;

import dev.jobqueue.core.runtime.Deadline;
import dev.jobqueue.job.JobQueueException;

/** Recovery ends before it is done, between two steps: its time is over, or its thread was interrupted. */
final class RecoveryStoppedException extends JobQueueException {
    private static final long serialVersionUID = 1L;

    RecoveryStoppedException(String message) {
        super(message);
    }

    /** Keeps the thread's flag. */
    static void check(Deadline deadline) {
        if (Thread.currentThread().isInterrupted()) {
            throw new RecoveryStoppedException("its thread was interrupted");
        }
        if (deadline.isPast()) {
            throw new RecoveryStoppedException("recovery.timeout is over");
        }
    }
}
