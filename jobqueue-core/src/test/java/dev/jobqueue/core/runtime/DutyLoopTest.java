package dev.jobqueue.core.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.core.runtime.Duty.Turn;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DutyLoopTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final RealPlatform platform = new RealPlatform(InstantSource.system(), false);
    private final Semaphore runs = new Semaphore(0);
    private final List<Throwable> faults = new CopyOnWriteArrayList<>();
    private DutyLoop loop = loop(() -> new Turn(0, HOUR));

    private DutyLoop loop(Duty duty) {
        loop = new DutyLoop(
                platform,
                "jobqueue-loop",
                () -> {
                    Turn turn = duty.runOnce();
                    runs.release();
                    return turn;
                },
                faults::add);
        return loop;
    }

    @AfterEach
    void end() {
        loop.stop();
        assertTrue(loop.awaitEnd(soon()));
    }

    private Deadline soon() {
        return Deadline.in(Duration.ofSeconds(30), platform);
    }

    private void awaitRuns(int number) throws InterruptedException {
        assertTrue(runs.tryAcquire(number, 30, TimeUnit.SECONDS));
    }

    @Test
    void runsAtOnceThenWhenWoken() throws Exception {
        // given
        loop(() -> new Turn(0, HOUR)).start();
        awaitRuns(1);
        // when
        loop.wake();
        // then
        awaitRuns(1);
        assertEquals(0, runs.availablePermits());
    }

    @Test
    void runsAgainWhenItsTimeHasCome() throws Exception {
        // when
        loop(() -> new Turn(0, Duration.ofMillis(1))).start();
        // then
        awaitRuns(5);
    }

    @Test
    void forgetsNoWakeUpThatComesWhileItRuns() throws Exception {
        // given
        loop(() -> {
                    loop.wake();
                    return new Turn(0, HOUR);
                })
                .start();
        // then
        awaitRuns(3);
    }

    @Test
    void goesOnAfterAFaultAndTellsOfIt() throws Exception {
        // given: a fault each second run, an Error too
        Error fault = new AssertionError("a bug");
        Semaphore thrown = new Semaphore(0);
        loop(() -> {
                    if (thrown.availablePermits() == 0) {
                        thrown.release();
                        throw fault;
                    }
                    return new Turn(0, HOUR);
                })
                .start();
        // then
        awaitRuns(1);
        assertEquals(List.of(fault), faults);
    }

    @Test
    void endsAfterTheRunThatIsUnderWay() throws Exception {
        // given
        Semaphore running = new Semaphore(0);
        Semaphore released = new Semaphore(0);
        loop(() -> {
                    running.release();
                    released.acquireUninterruptibly();
                    return new Turn(0, HOUR);
                })
                .start();
        running.acquire();
        // when
        loop.stop();
        // then
        assertFalse(loop.awaitEnd(Deadline.in(Duration.ofMillis(1), platform)));
        released.release();
        assertTrue(loop.awaitEnd(soon()));
        assertEquals(1, runs.availablePermits());
    }

    @Test
    void endsWhileItWaits() throws Exception {
        // given
        loop(() -> new Turn(0, HOUR)).start();
        awaitRuns(1);
        // when
        loop.stop();
        // then
        assertTrue(loop.awaitEnd(soon()));
    }

    /** A duty tells a listener, which closes the queue, which waits for the duty. */
    @Test
    void isNotWaitedForOnItsOwnThread() throws Exception {
        // given
        loop(() -> {
                    loop.stop();
                    assertTrue(loop.awaitEnd(Deadline.in(HOUR, platform)));
                    return new Turn(0, HOUR);
                })
                .start();
        // then
        awaitRuns(1);
        assertEquals(List.of(), faults);
    }

    @Test
    void isNotWaitedForUnlessStarted() {
        assertTrue(loop(() -> new Turn(0, HOUR)).awaitEnd(Deadline.in(Duration.ZERO, platform)));
    }

    @Test
    void isNotWaitedForWhenThereWasNoThreadToStart() {
        // given
        HastyPlatform poor = new HastyPlatform();
        poor.failThreadAfter(0);
        DutyLoop unstarted = new DutyLoop(poor, "jobqueue-loop", () -> new Turn(0, HOUR), faults::add);
        // when
        assertThrows(OutOfMemoryError.class, unstarted::start);
        // then
        assertTrue(unstarted.awaitEnd(Deadline.in(Duration.ZERO, poor)));
    }
}
