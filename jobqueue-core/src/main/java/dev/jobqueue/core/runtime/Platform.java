package dev.jobqueue.core.runtime;

import java.time.Instant;

/**
 * Time, threads, waiting and randomness: all that the engine takes from the world beside its store. No other class of the
 * engine reads a clock, starts a thread, waits or draws a number; so one seeded scheduler can drive a whole queue.
 */
public interface Platform {
    /** The time of day, by the host's clock: for run-at and for what people read. */
    Instant now();

    /** Time that only goes forward, in nanoseconds from anywhere: for waiting and for measuring. */
    long nanoTime();

    /** A new place to wait at. */
    Monitor newMonitor();

    /** A thread of the engine's own, not started. It does not keep the JVM alive. */
    Thread newThread(String name, Runnable body);

    /** A thread that runs handlers, not started. It does not keep the JVM alive. */
    Thread newWorker(String name, Runnable body);

    /** 64 random bits. */
    long randomLong();

    /** A number from 0 (inclusive) to 1 (exclusive). */
    default double chance() {
        return (randomLong() >>> 11) * 0x1.0p-53;
    }
}
