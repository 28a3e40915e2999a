package dev.jobqueue.job;

import org.jspecify.annotations.Nullable;

/** The base of everything this library throws, but for {@link IllegalArgumentException} about data. */
public class JobQueueException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a message that says what was wrong and what is allowed. */
    public JobQueueException(String message) {
        super(message);
    }

    /** With a message and what caused it. */
    public JobQueueException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
