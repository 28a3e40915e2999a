package dev.jobqueue.store;

import dev.jobqueue.job.Node;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a node wants to become live. Immutable. */
public final class JoinRequest {
    private final Node node;
    private final @Nullable Node replaces;
    private final Duration lease;
    private final Runnable wakeUp;

    private JoinRequest(Node node, @Nullable Node replaces, Duration lease, Runnable wakeUp) {
        this.node = Objects.requireNonNull(node, "node");
        this.replaces = replaces;
        this.lease = Objects.requireNonNull(lease, "lease");
        this.wakeUp = Objects.requireNonNull(wakeUp, "wakeUp");
        if (lease.isZero() || lease.isNegative()) {
            throw new IllegalArgumentException("lease must be more than zero, but was " + lease);
        }
    }

    /**
     * A join that replaces nobody.
     *
     * @param lease how long the node counts as alive after a heartbeat; of no use on an exclusive store
     * @param wakeUp told that jobs may have become claimable; may be run at any time, from any thread, also for nothing;
     *     returns at once and throws nothing
     */
    public static JoinRequest of(Node node, Duration lease, Runnable wakeUp) {
        return new JoinRequest(node, null, lease, wakeUp);
    }

    /** The same, in the place of this incarnation if that holds the name. */
    public JoinRequest replacing(Node holder) {
        return new JoinRequest(node, Objects.requireNonNull(holder, "holder"), lease, wakeUp);
    }

    /** Who joins. */
    public Node node() {
        return node;
    }

    /** Whom it replaces. */
    public Optional<Node> replaces() {
        return Optional.ofNullable(replaces);
    }

    /** How long it counts as alive after a heartbeat. */
    public Duration lease() {
        return lease;
    }

    /** What to run when jobs may have become claimable. */
    public Runnable wakeUp() {
        return wakeUp;
    }
}
