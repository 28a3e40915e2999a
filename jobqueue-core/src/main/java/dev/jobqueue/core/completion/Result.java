package dev.jobqueue.core.completion;

import dev.jobqueue.event.JobCompleted;
import dev.jobqueue.event.JobFailed;
import dev.jobqueue.event.JobQueueEvent;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.Change;
import java.time.Instant;
import java.util.Optional;

/**
 * What became of an attempt, on its way to the store.
 *
 * @param seen the job as it was claimed
 * @param tried what listeners and messages call the change
 * @param change what to write
 * @param kept what to report once the store has it
 * @param settled run when the store has it, or has refused it: this node does not hold the job any longer
 * @param completed what to report if the job is COMPLETED at its attempt already: its handler did that
 */
public record Result(
        JobInfo seen,
        String tried,
        Change change,
        JobQueueEvent kept,
        Runnable settled,
        Optional<JobCompleted> completed) {
    /** Of a job that this change alone ends. */
    public Result(JobInfo seen, String tried, Change change, JobQueueEvent kept, Runnable settled) {
        this(seen, tried, change, kept, settled, Optional.empty());
    }

    /** The same of a job that its handler has completed in a transaction, if that was committed. */
    public Result unlessCompleted(JobCompleted report) {
        return new Result(seen, tried, change, kept, settled, Optional.of(report));
    }

    /** In the place of a result that the store can't hold: the job has failed. */
    static Result failed(Result refused, Instant now, IllegalArgumentException fault) {
        JobInfo job = refused.seen();
        String error = "the store refused " + refused.tried() + ": " + fault.getMessage();
        return new Result(
                job,
                "FAIL",
                Change.fail(job, now, error),
                new JobFailed(job.id(), job.type(), job.attempt(), job.failures() + 1, error),
                refused.settled());
    }
}
