package dev.jobqueue.core.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The store's time of day, which may be wrong, too. */
final class StoreClock implements InstantSource {
    private final Scheduler scheduler;
    Duration ahead = Duration.ZERO;

    StoreClock(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public Instant instant() {
        return SimulatedPlatform.BEGIN.plusNanos(scheduler.now()).plus(ahead);
    }
}
