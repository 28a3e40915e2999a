package dev.jobqueue.store.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MovableClockTest {
    @Test
    void standsStillUntilItIsMoved() {
        MovableClock clock = new MovableClock();
        assertEquals(MovableClock.START, clock.instant());
        assertEquals(MovableClock.START, clock.instant());
    }

    @Test
    void movesByWhatItIsTold() {
        // given
        MovableClock clock = MovableClock.startingAt(Instant.EPOCH);
        // when
        clock.advance(Duration.ofMillis(1_500));
        clock.advance(Duration.ofMillis(-500));
        // then
        assertEquals(Instant.ofEpochSecond(1), clock.instant());
    }
}
