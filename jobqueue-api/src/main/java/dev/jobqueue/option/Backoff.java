package dev.jobqueue.option;

import java.time.Duration;

/** Exponential backoff: {@code first * factor^(n - 1)}, at most {@code longest}. */
final class Backoff {
    private Backoff() {}

    static Duration delay(Duration first, double factor, Duration longest, int n) {
        double millis = first.toMillis() * Math.pow(factor, n - 1);
        return millis >= longest.toMillis() ? longest : Duration.ofMillis(Math.round(millis));
    }
}
