package dev.jobqueue.store.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/** A clock that stands still until a test moves it. Thread-safe. */
public final class MovableClock implements InstantSource {
    /** Where a new clock stands: 2026-01-01T00:00:00Z. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Instant now;

    private MovableClock(Instant start) {
        now = Objects.requireNonNull(start, "start");
    }

    /** A clock that stands at {@link #START}. */
    public MovableClock() {
        this(START);
    }

    /** A clock that stands at this time. */
    public static MovableClock startingAt(Instant start) {
        return new MovableClock(start);
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /** Moves the clock on; by a negative duration, back. */
    public synchronized void advance(Duration by) {
        now = now.plus(by);
    }

    @Override
    public String toString() {
        return "clock at " + instant();
    }
}
