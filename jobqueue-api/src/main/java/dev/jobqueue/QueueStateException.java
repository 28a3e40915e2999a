package dev.jobqueue;

import dev.jobqueue.job.JobQueueException;

/** A call that the queue can't answer in its state, such as a submit after close. Nothing was changed. */
public final class QueueStateException extends JobQueueException {
    private static final long serialVersionUID = 1L;

    private final QueueState state;

    /** With what was called, and what to do instead. */
    public QueueStateException(QueueState state, String message) {
        super(message);
        this.state = state;
    }

    /** The state that the queue is in. */
    public QueueState state() {
        return state;
    }
}
