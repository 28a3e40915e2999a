package dev.jobqueue.core.runtime;

import java.time.Duration;

/** How long to wait before a store call is tried again: 50 ms, doubled each time, at most 5 s; less up to half, by chance. */
public final class Backoff {
    private static final long FIRST_MILLIS = 50;
    private static final long LONGEST_MILLIS = 5_000;

    private Backoff() {}

    /**
     * The wait.
     *
     * @param tries how many tries failed in a row, from 1
     */
    public static Duration after(int tries, Platform platform) {
        long millis = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(tries - 1, 10));
        return Duration.ofMillis(Math.round(millis * (1 - platform.chance() / 2)));
    }

    /** Waits so long, interruptibly. */
    public static void pause(Duration time, Platform platform) throws InterruptedException {
        Deadline.in(time, platform).awaitInterruptibly(platform.newMonitor(), () -> false);
    }
}
