package dev.jobqueue.store;

import dev.jobqueue.job.JobQueueException;
import dev.jobqueue.job.Node;

/** The answer to a join whose name another incarnation holds. Nothing was changed. */
public final class NameHeldException extends JobQueueException {
    private static final long serialVersionUID = 1L;

    private final transient Node holder;

    /** Names who holds it. */
    public NameHeldException(Node holder) {
        super("the name is held by " + holder + ", which has not ended");
        this.holder = holder;
    }

    /** Who holds the name. */
    public Node holder() {
        return holder;
    }
}
