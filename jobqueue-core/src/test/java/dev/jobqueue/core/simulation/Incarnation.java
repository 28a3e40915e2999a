package dev.jobqueue.core.simulation;

import dev.jobqueue.job.Node;
import dev.jobqueue.store.End;
import dev.jobqueue.store.Lapse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the auditor knows of one life of a node in the store. */
final class Incarnation {
    final Node node;
    final Process process;
    final Duration lease;
    final long joined;
    Instant leaseUntil;
    /** When the latest renewal was sent whose answer was heard. */
    long renewed = Long.MIN_VALUE;
    /** Which run-out leases it has been told of, and since when without a break. */
    final Map<Lapse, Long> watched = new HashMap<>();

    @Nullable
    End end;

    long ended = Long.MAX_VALUE;
    /** Who found it silent. */
    @Nullable
    Process endedBy;

    Incarnation(Node node, Process process, Duration lease, long joined, Instant leaseUntil) {
        this.node = node;
        this.process = process;
        this.lease = lease;
        this.joined = joined;
        this.leaseUntil = leaseUntil;
    }

    void ends(End how, long now) {
        end = how;
        ended = now;
    }

    boolean isLive() {
        return end == null;
    }
}
