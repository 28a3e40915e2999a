package dev.jobqueue.option;

import java.time.Duration;

/**
 * What recovery does with PENDING jobs when the delivery queue is full.
 *
 * <p>{@link #deferring()}, the default, leaves them in the store, from where workers get them in time. {@link #waiting()}
 * offers the next one again after a while, and fails startup when its tries are used up: for a host that would rather
 * not start than start behind a backlog larger than its delivery queue.
 */
public final class Backpressure {
    private static final Backpressure DEFERRING =
            new Backpressure(false, Duration.ofMillis(50), 1.5, Duration.ofSeconds(5), 10);
    private static final Backpressure WAITING =
            new Backpressure(true, Duration.ofMillis(50), 1.5, Duration.ofSeconds(5), 10);

    private final boolean waits;
    private final Duration firstDelay;
    private final double factor;
    private final Duration maxDelay;
    private final int tries;

    private Backpressure(boolean waits, Duration firstDelay, double factor, Duration maxDelay, int tries) {
        this.waits = waits;
        this.firstDelay = Range.positive("backpressure.firstDelay", firstDelay);
        this.factor = Range.between(1.0, 100.0, "backpressure.factor", factor);
        this.maxDelay = Range.positive("backpressure.maxDelay", maxDelay);
        this.tries = Range.between(1, 1_000, "backpressure.tries", tries);
    }

    /** Leaves in the store what does not fit. */
    public static Backpressure deferring() {
        return DEFERRING;
    }

    /** Tries again 10 times, after 50 ms at first, each time 1.5 times as long, at most 5 s; then fails. */
    public static Backpressure waiting() {
        return WAITING;
    }

    /** The same with another first delay, more than zero. */
    public Backpressure withFirstDelay(Duration delay) {
        return new Backpressure(waits, delay, factor, maxDelay, tries);
    }

    /** The same with another growth of the delay, 1 to 100. */
    public Backpressure withFactor(double growth) {
        return new Backpressure(waits, firstDelay, growth, maxDelay, tries);
    }

    /** The same with another longest delay, more than zero. */
    public Backpressure withMaxDelay(Duration delay) {
        return new Backpressure(waits, firstDelay, factor, delay, tries);
    }

    /** The same with another number of tries for one job, 1 to 1,000. */
    public Backpressure withTries(int most) {
        return new Backpressure(waits, firstDelay, factor, maxDelay, most);
    }

    /** Whether recovery waits; else it defers, and the other values have no meaning. */
    public boolean waits() {
        return waits;
    }

    /** How often one job is offered again before startup fails. */
    public int tries() {
        return tries;
    }

    /** How long to wait before try number {@code next}, counted from 1. */
    public Duration delayBefore(int next) {
        return Backoff.delay(firstDelay, factor, maxDelay, next);
    }
}
