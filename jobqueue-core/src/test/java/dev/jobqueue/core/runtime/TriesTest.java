package dev.jobqueue.core.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TriesTest {
    private final FakePlatform platform = new FakePlatform();
    private final AtomicInteger calls = new AtomicInteger();

    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    /** A call that fails so often before it answers with how often it was made. */
    private int call(int failures, RuntimeException failure) {
        if (calls.incrementAndGet() <= failures) {
            throw failure;
        }
        return calls.get();
    }

    @Test
    void makesACallThatSucceedsOnce() {
        assertEquals(1, Tries.of(platform).call(() -> call(0, new StoreException("away"))));
        assertEquals(List.of(), platform.waits());
    }

    @Test
    void makesItAgainWhileTheStoreFails() {
        assertEquals(4, Tries.of(platform).call(() -> call(3, new StoreException("away"))));
        assertEquals(3, platform.waits().size());
    }

    @Test
    void beginsNoTryAfterTenSeconds() {
        // given
        StoreException away = new StoreException("away");
        // when
        StoreException thrown =
                assertThrows(StoreException.class, () -> Tries.of(platform).call(() -> call(Integer.MAX_VALUE, away)));
        // then
        assertSame(away, thrown);
        assertTrue(platform.passed().compareTo(Duration.ofSeconds(10)) <= 0);
        assertTrue(platform.passed().compareTo(Duration.ofSeconds(5)) > 0);
    }

    @Test
    void beginsNoTryAfterTheTasksDeadline() {
        // given
        Deadline task = Deadline.in(Duration.ofSeconds(2), platform);
        // when
        assertThrows(
                StoreException.class,
                () -> Tries.within(task, platform).call(() -> call(Integer.MAX_VALUE, new StoreException("away"))));
        // then
        assertTrue(platform.passed().compareTo(Duration.ofSeconds(2)) <= 0);
    }

    @Test
    void makesNoCallAgainThatIsAtFault() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Tries.of(platform).call(() -> call(1, new IllegalArgumentException("no"))));
        assertEquals(1, calls.get());
    }

    @Test
    void remembersThatAnAnswerWasLost() {
        // given
        Tries tries = Tries.of(platform);
        Tries others = Tries.of(platform);
        // when
        tries.call(() -> call(1, new OutcomeUnknownException("lost", null)));
        calls.set(0);
        others.call(() -> call(1, new StoreException("nothing was done")));
        // then
        assertTrue(tries.outcomeUnknown());
        assertFalse(others.outcomeUnknown());
    }

    @Test
    void endsWhenInterruptedAndKeepsTheFlag() {
        // given
        platform.meanwhile(() -> Thread.currentThread().interrupt());
        // when
        assertThrows(
                StoreException.class,
                () -> Tries.of(platform).call(() -> call(Integer.MAX_VALUE, new StoreException("away"))));
        // then
        assertTrue(Thread.currentThread().isInterrupted());
        assertEquals(1, calls.get());
    }

    @Test
    void makesItsCallOnAnInterruptedThread() {
        // given
        Thread.currentThread().interrupt();
        // when
        int answer = Tries.of(platform).call(() -> call(0, new StoreException("away")));
        // then
        assertEquals(1, answer);
        assertTrue(Thread.currentThread().isInterrupted());
    }

    @Test
    void waitsTwiceAsLongEachTimeUpToFiveSecondsAndLessByChance() {
        for (int tries = 1; tries <= 70; tries++) {
            long longest = tries <= 7 ? 50L << (tries - 1) : 5_000;
            long millis = Backoff.after(tries, platform).toMillis();
            assertTrue(millis >= longest / 2 && millis <= longest, "after " + tries + " tries " + millis + " ms");
        }
    }
}
