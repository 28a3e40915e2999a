package dev.jobqueue.core.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobHandler;
import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.core.runtime.Duty.Turn;
import dev.jobqueue.event.HandlerCancelled;
import dev.jobqueue.event.HandlerStuck;
import dev.jobqueue.event.HandlerTimedOut;
import dev.jobqueue.event.ResultRefused;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.option.HandlerOptions;
import dev.jobqueue.option.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimeoutsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final AtomicReference<OneWorker> worker = new AtomicReference<>();

    private OneWorker oneWorker(JobHandler code) {
        OneWorker one = new OneWorker(
                code,
                HandlerOptions.defaults().withTimeout(TIMEOUT),
                RetryPolicy.defaults().withJitter(0));
        worker.set(one);
        return one;
    }

    /** The handler takes so long; meanwhile the timeouts' duty runs when it wants to. */
    private void takes(Duration time) {
        OneWorker one = worker.get();
        Duration end = one.platform.passed().plus(time);
        for (Duration left = time; !left.isZero(); left = end.minus(one.platform.passed())) {
            Duration next = one.timeouts.runOnce().next();
            one.platform.advance(next.compareTo(left) < 0 ? next : left);
        }
        one.timeouts.runOnce();
    }

    @AfterEach
    void leaveNoInterrupt() {
        Thread.interrupted();
    }

    @Test
    void leavesAHandlerAloneThatReturnsInTime() {
        // given
        OneWorker one = oneWorker(job -> takes(Duration.ofMillis(9_999)));
        // when
        JobInfo job = one.ran(one.claimed("a"));
        one.platform.advance(TIMEOUT);
        one.timeouts.runOnce();
        // then
        assertEquals(JobStatus.COMPLETED, job.status());
        assertEquals(List.of(), one.heard.all(HandlerTimedOut.class));
        assertFalse(Thread.interrupted());
    }

    @Test
    void failsTheAttemptOfAHandlerThatDoesNotAndTellsItToStop() {
        // given
        List<Boolean> told = new ArrayList<>();
        OneWorker one = oneWorker(job -> {
            takes(Duration.ofSeconds(11));
            told.add(job.cancelled());
            told.add(Thread.interrupted());
        });
        // when
        JobInfo job = one.ran(one.claimed("a"));
        // then
        assertEquals(List.of(true, true), told);
        assertEquals(JobStatus.PENDING, job.status());
        assertEquals(1, job.failures());
        assertTrue(job.error()
                .orElseThrow()
                .startsWith("java.util.concurrent.TimeoutException: the handler ran for longer than its timeout of"
                        + " PT10S"));
        assertEquals(TIMEOUT, one.heard.only(HandlerTimedOut.class).timeout());
        assertEquals("COMPLETE", one.heard.only(ResultRefused.class).tried());
        assertEquals(List.of(), one.heard.all(HandlerStuck.class));
    }

    @Test
    void leavesAloneAHandlerThatReturnedAfterItWasTold() {
        // given
        OneWorker one = oneWorker(job -> takes(Duration.ofMillis(14_999)));
        one.ran(one.claimed("a"));
        Thread.interrupted();
        // when
        one.platform.advance(Duration.ofMinutes(1));
        one.timeouts.runOnce();
        // then
        assertEquals(List.of(), one.heard.all(HandlerStuck.class));
        assertFalse(Thread.interrupted());
        assertEquals(List.of(), one.platform.startedThreads());
    }

    @Test
    void replacesTheWorkerOfAHandlerThatDoesNotHeed() {
        // given
        OneWorker one = oneWorker(job -> {
            takes(Duration.ofSeconds(14));
            assertEquals(List.of(), worker.get().platform.startedThreads());
            takes(Duration.ofSeconds(2));
            assertEquals(1, worker.get().workers.stuck());
            assertEquals(0, worker.get().workers.busy());
        });
        one.deliveries.offer(one.claimed("a"));
        one.deliveries.offer(one.claimed("b"));
        // when
        one.worker.run();
        // then
        assertEquals(1, one.heard.all(HandlerStuck.class).size());
        assertEquals(List.of("test-worker-1"), one.platform.startedThreads());
        assertEquals(0, one.workers.stuck());
        assertEquals(0, one.workers.busy());
        assertEquals(1, one.deliveries.size(), "an abandoned worker takes no further job");
    }

    @Test
    void tellsAHandlerOnceThatItsJobWasCancelled() {
        // given
        OneWorker one = new OneWorker(job -> {});
        HeldJob job = one.claimed("a");
        job.begin(Thread.currentThread());
        one.timeouts.cancel(job);
        assertTrue(Thread.interrupted());
        // when
        one.timeouts.cancel(job);
        // then
        assertFalse(Thread.interrupted());
        assertTrue(job.isCancelled());
        assertEquals(job.info().id(), one.heard.only(HandlerCancelled.class).jobId());
    }

    @Test
    void replacesTheWorkerOfACancelledHandlerThatDoesNotHeed() {
        // given: a type without a timeout
        AtomicReference<HeldJob> held = new AtomicReference<>();
        OneWorker one = new OneWorker(job -> {
            worker.get().timeouts.cancel(held.get());
            Thread.interrupted();
            takes(Duration.ofMillis(4_999));
            assertEquals(0, worker.get().workers.stuck());
            takes(Duration.ofMillis(2));
            assertEquals(1, worker.get().workers.stuck());
            assertTrue(worker.get().held.find(job.id()).isEmpty(), "it is not this node's any more");
        });
        worker.set(one);
        held.set(one.claimed("a"));
        one.deliveries.offer(held.get());
        one.deliveries.offer(one.claimed("b"));
        // when
        one.worker.run();
        // then
        assertEquals(held.get().info().id(), one.heard.only(HandlerStuck.class).jobId());
        assertEquals(List.of("test-worker-1"), one.platform.startedThreads());
        assertEquals("COMPLETE", one.heard.only(ResultRefused.class).tried());
    }

    @Test
    void watchesNobodyWithoutATimeout() {
        // given
        OneWorker one = new OneWorker(job -> {});
        HeldJob job = one.claimed("a");
        // then
        assertNull(one.timeouts.begin(job, one.handler));
        assertEquals(0, one.woken);
    }

    @Test
    void wakesWhenTheEarliestTimeoutIsOver() {
        // given
        OneWorker one = oneWorker(job -> {});
        HeldJob first = one.claimed("a");
        Timeouts.Ticket ticket = one.timeouts.begin(first, one.handler);
        one.platform.advance(Duration.ofSeconds(4));
        one.timeouts.begin(one.claimed("b"), one.handler);
        // then
        assertEquals(new Turn(0, Duration.ofSeconds(6)), one.timeouts.runOnce());
        one.timeouts.end(ticket);
        assertEquals(new Turn(0, TIMEOUT), one.timeouts.runOnce());
    }

    @Test
    void isWokenOnlyForATimeoutThatIsSooner() {
        // given
        OneWorker one = oneWorker(job -> {});
        // when
        one.timeouts.begin(one.claimed("a"), one.handler);
        one.platform.advance(Duration.ofMillis(1));
        one.timeouts.begin(one.claimed("b"), one.handler);
        // then
        assertEquals(1, one.woken);
    }

    @Test
    void endsAllThatAreOverAtOnce() {
        // given
        OneWorker one = oneWorker(job -> {});
        for (String name : List.of("a", "b", "c")) {
            one.timeouts.begin(one.claimed(name), one.handler);
        }
        // when
        one.platform.advance(TIMEOUT);
        // then
        assertEquals(3, one.timeouts.runOnce().done());
        assertEquals(3, one.completion.unsettled());
    }

    @Test
    void goesOnWhenTheJvmsClockWrapsAround() {
        // given
        Timeouts.Ticket before = new Timeouts.Ticket(Long.MAX_VALUE - 5, 1);
        Timeouts.Ticket after = new Timeouts.Ticket(Long.MIN_VALUE + 5, 2);
        // then
        assertTrue(before.compareTo(after) < 0);
        assertTrue(after.compareTo(before) > 0);
    }
}
