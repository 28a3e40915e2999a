package dev.jobqueue.option;

import java.time.Duration;

/**
 * When a job whose handler failed runs again, and when it is given up as FAILED.
 *
 * <p>Defaults: given up at the 5th failure (1 to 1,000,000); the first retry after 1 s, each further one after twice as
 * long, at most 10 minutes; jitter of 0.2 (0 to 1): the delay is between 80 % and 100 % of that, evenly spread, so that
 * jobs which failed together do not come back together.
 *
 * <p>Each method throws {@link IllegalArgumentException} if its value is out of its range; the message names both.
 */
public final class RetryPolicy {
    private static final RetryPolicy DEFAULTS =
            new RetryPolicy(5, Duration.ofSeconds(1), 2.0, Duration.ofMinutes(10), 0.2);

    private final int maxFailures;
    private final Duration firstDelay;
    private final double factor;
    private final Duration maxDelay;
    private final double jitter;

    private RetryPolicy(int maxFailures, Duration firstDelay, double factor, Duration maxDelay, double jitter) {
        this.maxFailures = Range.between(1, 1_000_000, "retry.maxFailures", maxFailures);
        this.firstDelay = Range.positive("retry.firstDelay", firstDelay);
        this.factor = Range.between(1.0, 100.0, "retry.factor", factor);
        this.maxDelay = Range.positive("retry.maxDelay", maxDelay);
        this.jitter = Range.between(0.0, 1.0, "retry.jitter", jitter);
    }

    /** The defaults. */
    public static RetryPolicy defaults() {
        return DEFAULTS;
    }

    /** The same with another number of failures at which a job is given up; 1: never tried again. */
    public RetryPolicy withMaxFailures(int failures) {
        return new RetryPolicy(failures, firstDelay, factor, maxDelay, jitter);
    }

    /** The same with another delay before the first retry. */
    public RetryPolicy withFirstDelay(Duration delay) {
        return new RetryPolicy(maxFailures, delay, factor, maxDelay, jitter);
    }

    /** The same with another growth of the delay. */
    public RetryPolicy withFactor(double growth) {
        return new RetryPolicy(maxFailures, firstDelay, growth, maxDelay, jitter);
    }

    /** The same with another longest delay. */
    public RetryPolicy withMaxDelay(Duration delay) {
        return new RetryPolicy(maxFailures, firstDelay, factor, delay, jitter);
    }

    /** The same with another jitter: the part of the delay that chance may take away. */
    public RetryPolicy withJitter(double part) {
        return new RetryPolicy(maxFailures, firstDelay, factor, maxDelay, part);
    }

    /** At how many failures a job is given up. */
    public int maxFailures() {
        return maxFailures;
    }

    /**
     * How long to wait after this many failures.
     *
     * @param failures 1 or more
     * @param chance 0 (inclusive) to 1 (exclusive), evenly spread
     */
    public Duration delayAfter(int failures, double chance) {
        Duration longest = Backoff.delay(firstDelay, factor, maxDelay, failures);
        return Duration.ofMillis(Math.round(longest.toMillis() * (1 - jitter * chance)));
    }
}
