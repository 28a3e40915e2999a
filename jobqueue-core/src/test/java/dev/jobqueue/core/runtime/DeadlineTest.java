package dev.jobqueue.core.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakePlatform platform = new FakePlatform();
    private final Monitor monitor = platform.newMonitor();
    private final AtomicBoolean so = new AtomicBoolean();

    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    @Test
    void isPastExactlyThen() {
        // given
        Deadline deadline = Deadline.in(SECOND, platform);
        // when
        platform.advance(Duration.ofMillis(999));
        // then
        assertFalse(deadline.isPast());
        assertEquals(Duration.ofMillis(1), deadline.left());
        platform.advance(Duration.ofMillis(1));
        assertTrue(deadline.isPast());
        assertEquals(Duration.ZERO, deadline.left());
        platform.advance(SECOND);
        assertEquals(Duration.ZERO, deadline.left());
    }

    @Test
    void takesATimeThatNobodyLivesToSee() {
        // when
        Deadline deadline = Deadline.in(Duration.ofSeconds(Long.MAX_VALUE), platform);
        // then
        assertFalse(deadline.isPast());
        assertEquals(Duration.ofDays(36_500), deadline.left());
    }

    @Test
    void cutsATimeToWhatIsLeft() {
        // given
        Deadline deadline = Deadline.in(SECOND, platform);
        // then
        assertEquals(Duration.ofMillis(1), deadline.leftAtMost(Duration.ofMillis(1)));
        assertEquals(SECOND, deadline.leftAtMost(Duration.ofHours(1)));
    }

    @Test
    void waitsForNothingThatIsSoAlready() {
        // given
        so.set(true);
        // then
        assertTrue(Deadline.in(SECOND, platform).await(monitor, so::get));
        assertEquals(Duration.ZERO, platform.passed());
    }

    @Test
    void waitsUntilItIsPast() {
        assertFalse(Deadline.in(SECOND, platform).await(monitor, so::get));
        assertEquals(SECOND, platform.passed());
    }

    @Test
    void waitsUntilItIsSo() throws Exception {
        // given
        platform.meanwhile(() -> so.set(true));
        // then
        assertTrue(Deadline.in(SECOND, platform).awaitInterruptibly(monitor, so::get));
    }

    @Test
    void waitsOnWhenInterruptedAndKeepsTheFlag() {
        // given
        Thread.currentThread().interrupt();
        // then
        assertFalse(Deadline.in(SECOND, platform).await(monitor, so::get));
        assertEquals(SECOND, platform.passed());
        assertTrue(Thread.currentThread().isInterrupted());
    }

    @Test
    void waitsNoLongerWhenInterruptedIfAskedSo() {
        // given
        Thread.currentThread().interrupt();
        // then
        assertThrows(
                InterruptedException.class, () -> Deadline.in(SECOND, platform).awaitInterruptibly(monitor, so::get));
        assertEquals(Duration.ZERO, platform.passed());
    }
}
