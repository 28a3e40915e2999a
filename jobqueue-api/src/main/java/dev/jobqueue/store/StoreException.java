package dev.jobqueue.store;

import dev.jobqueue.job.JobQueueException;
import org.jspecify.annotations.Nullable;

/** The store did not do what was asked, and nothing was changed. Trying again may help. */
public class StoreException extends JobQueueException {
    private static final long serialVersionUID = 1L;

    /** With a message that says what was asked and what went wrong. */
    public StoreException(String message) {
        super(message);
    }

    /** With a message and what caused it. */
    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
