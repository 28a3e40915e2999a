package dev.jobqueue;

import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobQueueException;
import java.util.List;

/**
 * The store did not answer a submit for as long as it is tried. The jobs may be stored or not: to find out, or to submit
 * them after all, submit them again under the same ids.
 */
public final class SubmitException extends JobQueueException {
    private static final long serialVersionUID = 1L;

    private final transient List<JobId> ids;

    /** Names the jobs. */
    public SubmitException(List<JobId> ids, String message, Throwable cause) {
        super(message, cause);
        this.ids = List.copyOf(ids);
    }

    /** The ids under which the jobs were sent, in the order of the submit. */
    public List<JobId> ids() {
        return ids;
    }
}
