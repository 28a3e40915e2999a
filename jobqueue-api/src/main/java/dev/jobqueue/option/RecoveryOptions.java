package dev.jobqueue.option;

import java.time.Duration;
import java.util.Objects;

/**
 * What startup recovery may cost, when it gives up, and when it puts a job back no more.
 *
 * <p>Defaults: a page of 500 orphans (1 to 10,000; cut to the store's longest batch; it bounds recovery's memory), a
 * timeout of 5 minutes (more than zero), {@link Backpressure#deferring()}, and 3 convictions (1 to 1,000,000).
 *
 * <p>Each method throws {@link IllegalArgumentException} if its value is out of its range; the message names both.
 */
public final class RecoveryOptions {
    private static final RecoveryOptions DEFAULTS =
            new RecoveryOptions(500, Duration.ofMinutes(5), Backpressure.deferring(), 3);

    private final int pageSize;
    private final Duration timeout;
    private final Backpressure backpressure;
    private final int maxConvictions;

    private RecoveryOptions(int pageSize, Duration timeout, Backpressure backpressure, int maxConvictions) {
        this.pageSize = Range.between(1, 10_000, "recovery.pageSize", pageSize);
        this.timeout = Range.positive("recovery.timeout", timeout);
        this.backpressure = Objects.requireNonNull(backpressure, "backpressure");
        this.maxConvictions = Range.between(1, 1_000_000, "recovery.maxConvictions", maxConvictions);
    }

    /** The defaults. */
    public static RecoveryOptions defaults() {
        return DEFAULTS;
    }

    /** The same with another number of orphans read and put back at once. */
    public RecoveryOptions withPageSize(int jobs) {
        return new RecoveryOptions(jobs, timeout, backpressure, maxConvictions);
    }

    /** The same with another time after which recovery stops, between two pages, and startup fails. */
    public RecoveryOptions withTimeout(Duration longest) {
        return new RecoveryOptions(pageSize, longest, backpressure, maxConvictions);
    }

    /** The same with another way to meet a full delivery queue. */
    public RecoveryOptions withBackpressure(Backpressure choice) {
        return new RecoveryOptions(pageSize, timeout, choice, maxConvictions);
    }

    /**
     * The same with another number of crashes that a job suffered alone on its node, one for each time it ran so, at which
     * it is quarantined: FAILED, to run no more unless a person retries it. While the queue runs, too.
     */
    public RecoveryOptions withMaxConvictions(int number) {
        return new RecoveryOptions(pageSize, timeout, backpressure, number);
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

    /** At how many crashes that it suffered alone a job is quarantined. */
    public int maxConvictions() {
        return maxConvictions;
    }
}
