package dev.jobqueue.core.runtime;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** A point in time that bounds several waits. */
public final class Deadline {
    private final Platform platform;
    private final long at;

    private Deadline(Platform platform, long at) {
        this.platform = platform;
        this.at = at;
    }

    /** This long from now. */
    public static Deadline in(Duration time, Platform platform) {
        return new Deadline(platform, platform.nanoTime() + nanos(time));
    }

    /** Longer than 100 years is 100 years: the rest would overflow. */
    private static long nanos(Duration time) {
        Duration longest = Duration.ofDays(36_500);
        return (time.compareTo(longest) < 0 ? time : longest).toNanos();
    }

    /** How long it is until then; zero if it is past. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, at - platform.nanoTime()));
    }

    /** Whether it is past. */
    public boolean isPast() {
        return platform.nanoTime() - at >= 0;
    }

    /** The earlier of this and {@code time} from now. */
    public Duration leftAtMost(Duration time) {
        Duration left = left();
        return left.compareTo(time) < 0 ? left : time;
    }

    /**
     * Waits at a monitor until something is so; what makes it so must signal. An interrupt ends no wait, but keeps the
     * thread's flag. Returns whether it was so, in time.
     */
    public boolean await(Monitor monitor, BooleanSupplier so) {
        boolean interrupted = false;
        monitor.lock();
        try {
            while (!so.getAsBoolean() && !isPast()) {
                try {
                    monitor.await(left());
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return so.getAsBoolean();
        } finally {
            monitor.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** As {@link #await}, but an interrupt ends it. */
    public boolean awaitInterruptibly(Monitor monitor, BooleanSupplier so) throws InterruptedException {
        monitor.lock();
        try {
            while (!so.getAsBoolean() && !isPast()) {
                monitor.await(left());
            }
            return so.getAsBoolean();
        } finally {
            monitor.unlock();
        }
    }
}
