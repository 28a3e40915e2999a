package dev.jobqueue;

import dev.jobqueue.event.RecoveryReport;
import dev.jobqueue.job.JobQueueException;
import org.jspecify.annotations.Nullable;

/** Recovery gave up, so the queue was not built or not started. The next {@code build()} goes on from there. */
public final class RecoveryException extends JobQueueException {
    private static final long serialVersionUID = 1L;

    private final transient RecoveryReport report;

    /** With the reason and how far it came. */
    public RecoveryException(String message, RecoveryReport report, @Nullable Throwable cause) {
        super(message, cause);
        this.report = report;
    }

    /** How far recovery came. */
    public RecoveryReport report() {
        return report;
    }
}
