package dev.jobqueue.store;

import dev.jobqueue.job.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A lease that has run out by the store's clock. Immutable. */
public final class Lapse {
    private final Node node;
    private final Instant leaseUntil;
    private final Duration lease;

    private Lapse(Node node, Instant leaseUntil, Duration lease) {
        this.node = Objects.requireNonNull(node, "node");
        this.leaseUntil = Objects.requireNonNull(leaseUntil, "leaseUntil");
        this.lease = Objects.requireNonNull(lease, "lease");
    }

    /** This node's lease of this length ran out then. */
    public static Lapse of(Node node, Instant leaseUntil, Duration lease) {
        return new Lapse(node, leaseUntil, lease);
    }

    /** Whose lease. */
    public Node node() {
        return node;
    }

    /** When it ran out, by the store's clock. */
    public Instant leaseUntil() {
        return leaseUntil;
    }

    /** How long the node's leases are: so long another node watches it before it may end it. */
    public Duration lease() {
        return lease;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Lapse that
                && node.equals(that.node)
                && leaseUntil.equals(that.leaseUntil)
                && lease.equals(that.lease);
    }

    @Override
    public int hashCode() {
        return Objects.hash(node, leaseUntil);
    }

    @Override
    public String toString() {
        return node + " silent since " + leaseUntil;
    }
}
