package dev.jobqueue.core.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.core.given.SomeJobs;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeldJobTest {
    private final HeldJob job = new HeldJob(SomeJobs.processing("a"));

    @AfterEach
    void leaveNoInterrupt() {
        Thread.interrupted();
    }

    @Test
    void endsOnce() {
        assertTrue(job.end());
        assertFalse(job.end());
        assertTrue(job.isEnded());
    }

    @Test
    void doesNotBeginOnceItsAttemptHasEnded() {
        // given
        assertTrue(job.endUnlessBegun());
        // then
        assertFalse(job.begin(Thread.currentThread()));
        assertFalse(job.isRunning());
    }

    @Test
    void endsItsHandlersAttemptOnlyByAVerdict() {
        // given
        job.begin(Thread.currentThread());
        // then
        assertFalse(job.endUnlessBegun());
        assertTrue(job.end());
    }

    @Test
    void interruptsItsHandlerWhileThatRuns() {
        // given
        job.begin(Thread.currentThread());
        // then
        assertTrue(job.cancel());
        assertTrue(Thread.interrupted());
        assertTrue(job.isCancelled());
    }

    @Test
    void interruptsNobodyOnceItsHandlerHasReturned() {
        // given
        job.begin(Thread.currentThread());
        job.handlerReturned();
        // then
        assertFalse(job.cancel());
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    void tellsAReleaseFromACancellation() {
        // given
        HeldJob other = new HeldJob(SomeJobs.processing("b"));
        // when
        job.cancel();
        other.release();
        // then
        assertFalse(job.isReleased());
        assertTrue(other.isReleased());
        assertTrue(other.isCancelled());
    }

    @Test
    void waitsUntilItBeginsOrEnds() {
        // given
        HeldJob begun = new HeldJob(SomeJobs.processing("b"));
        HeldJob ended = new HeldJob(SomeJobs.processing("c"));
        // when
        begun.begin(Thread.currentThread());
        ended.end();
        // then
        assertTrue(job.isWaiting());
        assertFalse(begun.isWaiting());
        assertFalse(ended.isWaiting());
    }

    @Test
    void countsTheBytesOfThoseThatWait() {
        // given
        HeldJobs held = new HeldJobs();
        HeldJob running = new HeldJob(SomeJobs.processing("running"));
        held.add(new HeldJob(SomeJobs.processing("four")));
        held.add(running);
        running.begin(Thread.currentThread());
        // then
        assertEquals(4, held.bytesWaiting());
        assertEquals(2, held.size());
    }

    @Test
    void givesUpOnlyTheAttemptThatIsMeant() {
        // given
        HeldJobs held = new HeldJobs();
        HeldJob first = new HeldJob(SomeJobs.processing("a", 1));
        HeldJob second = new HeldJob(SomeJobs.processing("a", 2));
        held.add(first);
        held.add(second);
        // when
        held.remove(first);
        // then
        assertEquals(Optional.of(second), held.find(second.info().id()));
    }
}
