package dev.jobqueue.option;

import java.time.Duration;

/**
 * How long a node of a shared store counts as alive, and how often it says that it is. A store that admits one node at a
 * time has no leases; there the renewal is only how often the queue compares what it holds with the store.
 *
 * <p>Defaults: a length of 6 s (100 ms to 1 day), renewed each 1.5 s (10 ms to 1 day, and at most half of the length, which
 * {@code build()} checks). A dead node's jobs run again after about two lengths. A shorter length finds a dead node
 * sooner, and takes a node for dead that stood still for as long.
 *
 * <p>Each method throws {@link IllegalArgumentException} if its value is out of its range; the message names both.
 */
public final class LeaseOptions {
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final LeaseOptions DEFAULTS = new LeaseOptions(Duration.ofSeconds(6), Duration.ofMillis(1_500));

    private final Duration length;
    private final Duration renewal;

    private LeaseOptions(Duration length, Duration renewal) {
        this.length = Range.between(Duration.ofMillis(100), LONGEST, "lease.length", length);
        this.renewal = Range.between(Duration.ofMillis(10), LONGEST, "lease.renewal", renewal);
    }

    /** The defaults. */
    public static LeaseOptions defaults() {
        return DEFAULTS;
    }

    /** The same with another time for which a node counts as alive after it said so. */
    public LeaseOptions withLength(Duration time) {
        return new LeaseOptions(time, renewal);
    }

    /** The same with another time between two renewals. */
    public LeaseOptions withRenewal(Duration time) {
        return new LeaseOptions(length, time);
    }

    /** How long a node counts as alive after it said so. */
    public Duration length() {
        return length;
    }

    /** How often it says so. */
    public Duration renewal() {
        return renewal;
    }
}
