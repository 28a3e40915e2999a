package dev.jobqueue;

import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobQueueException;
import dev.jobqueue.store.ApplyOutcome;

/**
 * A handler wanted to complete its job within a transaction, and the attempt had ended: the job was taken over, cancelled,
 * or failed by its timeout. Let it pass, so that the transaction is rolled back: what the handler wrote is another
 * attempt's to write.
 */
public final class AttemptEndedException extends JobQueueException {
    private static final long serialVersionUID = 1L;

    private final transient JobId jobId;
    private final int attempt;

    /** Names the job, the attempt, and what stands in its place. */
    public AttemptEndedException(JobId jobId, int attempt, ApplyOutcome standsAt) {
        super("job " + jobId + " cannot be completed at attempt " + attempt + ", which has ended (" + standsAt
                + "); roll the transaction back");
        this.jobId = jobId;
        this.attempt = attempt;
    }

    /** Whose attempt. */
    public JobId jobId() {
        return jobId;
    }

    /** Which. */
    public int attempt() {
        return attempt;
    }
}
