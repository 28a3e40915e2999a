package dev.jobqueue.core.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.core.given.SomeJobs;
import java.util.List;
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

    /** The dispatcher and a client may both hear of a cancel: one of them reports it. */
    @Test
    void isCancelledOnceByWhoeverComesFirst() {
        // given
        job.begin(Thread.currentThread());
        // then
        assertTrue(job.cancel());
        assertFalse(job.cancel());
        assertTrue(Thread.interrupted());
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
    void countsThoseThatWaitOrRunAndTheBytesOfThoseThatWait() {
        // given
        HeldJobs held = new HeldJobs();
        HeldJob running = new HeldJob(SomeJobs.processing("running"));
        HeldJob ended = new HeldJob(SomeJobs.processing("ended"));
        HeldJob removed = new HeldJob(SomeJobs.processing("removed"));
        HeldJob endedBefore = new HeldJob(SomeJobs.processing("ended before"));
        // when
        endedBefore.end();
        for (HeldJob each : List.of(new HeldJob(SomeJobs.processing("four")), running, ended, removed, endedBefore)) {
            held.add(each);
        }
        running.begin(Thread.currentThread());
        ended.end();
        ended.end();
        held.remove(removed);
        held.remove(removed);
        // then
        assertEquals(4, held.size());
        assertEquals(2, held.open());
        assertEquals(4, held.bytesWaiting());
    }

    @Test
    void countsNoMoreAHandlerThatEndsAfterItRan() {
        // given
        HeldJobs held = new HeldJobs();
        held.add(job);
        // when
        job.begin(Thread.currentThread());
        job.end();
        // then
        assertEquals(0, held.open());
        assertEquals(0, held.bytesWaiting());
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
