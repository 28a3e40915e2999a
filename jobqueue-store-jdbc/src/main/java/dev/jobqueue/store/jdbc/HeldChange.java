package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.Change;

/**
 * A change that holds for the job as it stands, which was read in the same transaction.
 *
 * @param no the number of the job's row
 * @param now the job without error and memo, and with its attributes only if the change names some
 */
record HeldChange(Change change, long no, JobInfo now) {
    /** The job as it will be, in as far as it was read. Not to be asked of a removal. */
    JobInfo after() {
        return change.applyTo(now).orElseThrow();
    }
}
