package dev.jobqueue.store;

import dev.jobqueue.job.JobQueueException;
import dev.jobqueue.job.Node;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The answer to a claim, or a join, of an incarnation that is not in the store, or no longer. Nothing was claimed. */
public final class NotMemberException extends JobQueueException {
    private static final long serialVersionUID = 1L;

    private final @Nullable End ended;

    private NotMemberException(String message, @Nullable End ended) {
        super(message);
        this.ended = ended;
    }

    /** It was in, and ended like this. */
    public static NotMemberException ended(Node node, End end) {
        return new NotMemberException(node + " is no member of the store: it ended, " + end, end);
    }

    /** The store does not know it. */
    public static NotMemberException unknown(Node node) {
        return new NotMemberException(node + " is no member of the store: it is not known there", null);
    }

    /** How it ended; empty if the store does not know it. */
    public Optional<End> ended() {
        return Optional.ofNullable(ended);
    }
}
