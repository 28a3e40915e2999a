package dev.jobqueue.option;

import java.time.Duration;
import java.util.Objects;

/**
 * What startup recovery may cost, and when it gives up.
 *
 * <p>Defaults: a page of 500 orphans (1 to 10,000; cut to the store's longest batch; it bounds recovery's memory), a
 * timeout of 5 minutes (more than zero), and {@link Backpressure#deferring()}.
 *
 * <p>Each method throws {@link IllegalArgumentException} if its value is out of its range; the message names both.
 */
public final class RecoveryOptions {
    private static final RecoveryOptions DEFAULTS =
            new RecoveryOptions(500, Duration.ofMinutes(5), Backpressure.deferring());

    private final int pageSize;
    private final Duration timeout;
    private final Backpressure backpressure;

    private RecoveryOptions(int pageSize, Duration timeout, Backpressure backpressure) {
        this.pageSize = Range.between(1, 10_000, "recovery.pageSize", pageSize);
        this.timeout = Range.positive("recovery.timeout", timeout);
        this.backpressure = Objects.requireNonNull(backpressure, "backpressure");
    }

    /** The defaults. */
    public static RecoveryOptions defaults() {
        return DEFAULTS;
    }

    /** The same with another number of orphans read and put back at once. */
    public RecoveryOptions withPageSize(int jobs) {
        return new RecoveryOptions(jobs, timeout, backpressure);
    }

    /** The same with another time after which recovery stops, between two pages, and startup fails. */
    public RecoveryOptions withTimeout(Duration longest) {
        return new RecoveryOptions(pageSize, longest, backpressure);
    }

    /** The same with another way to meet a full delivery queue. */
    public RecoveryOptions withBackpressure(Backpressure choice) {
        return new RecoveryOptions(pageSize, timeout, choice);
    }

    /** How many orphans are read and put back at once. */
    public int pageSize() {
        return pageSize;
    }

    /** After how long recovery stops and startup fails. */
    public Duration timeout() {
        return timeout;
    }

    /** What recovery does when the delivery queue is full. */
    public Backpressure backpressure() {
        return backpressure;
    }
}
