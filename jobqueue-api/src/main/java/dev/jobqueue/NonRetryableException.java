package dev.jobqueue;

import dev.jobqueue.job.JobQueueException;
import org.jspecify.annotations.Nullable;

/** Thrown by a handler whose job would fail again and again: it is FAILED at once, whatever the retry policy. */
public class NonRetryableException extends JobQueueException {
    private static final long serialVersionUID = 1L;

    /** With the reason, which the job keeps as its error. */
    public NonRetryableException(String reason) {
        super(reason);
    }

    /** With the reason and what caused it. */
    public NonRetryableException(String reason, @Nullable Throwable cause) {
        super(reason, cause);
    }
}
