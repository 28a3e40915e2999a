package dev.jobqueue.core.completion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;

import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.runtime.Deadline;
import dev.jobqueue.core.runtime.Duty.Turn;
import dev.jobqueue.core.runtime.RealPlatform;
import dev.jobqueue.event.JobFailed;
import dev.jobqueue.event.ResultRefused;
import dev.jobqueue.event.StoreAvailable;
import dev.jobqueue.event.StoreUnavailable;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CompletionTest extends Completing {
    @Test
    void writesWhatCameSinceTheLastCallInOneBatch() {
        // given
        List<Change> changes = added(completed("a"), failed("b"), released("c"));
        // when
        Turn turn = completion.runOnce();
        // then
        assertEquals(List.of(changes), calls);
        assertEquals(3, work);
        assertEquals(new Turn(3, Duration.ZERO), turn);
        assertEquals(changes, applied);
        assertEquals(List.of("a", "b", "c"), settled);
        assertEquals(0, completion.unsettled());
    }

    @Test
    void asksTheStoreNothingWhileThereIsNothingToWrite() {
        // when
        Turn turn = completion.runOnce();
        // then
        assertEquals(0, turn.done());
        assertTrue(turn.next().compareTo(Duration.ofMinutes(1)) > 0);
        assertEquals(List.of(), calls);
    }

    @Test
    void neverSendsMoreThanTheStoresLongestBatch() {
        // given
        ofMaxBatch(2);
        List<Change> changes = added(completed("a"), completed("b"), completed("c"), completed("d"), completed("e"));
        // when
        for (int i = 0; i < 4; i++) {
            completion.runOnce();
        }
        // then
        assertEquals(List.of(changes.subList(0, 2), changes.subList(2, 4), changes.subList(4, 5)), calls);
    }

    @Test
    void neverPutsTwoResultsOfOneJobIntoOneBatch() {
        // given
        List<Change> changes = added(completed("a", 1), completed("b"), completed("a", 2), completed("c"));
        // when
        completion.runOnce();
        completion.runOnce();
        // then
        assertEquals(List.of(changes.subList(0, 2), changes.subList(2, 4)), calls);
    }

    @Test
    void sendsTheSameBatchAgainWhenTheStoreFailed() {
        // given
        List<Change> first = added(completed("a"), completed("b"));
        fail(new StoreException("away"));
        fail(new OutcomeUnknownException("lost", null));
        fail(new IllegalStateException("not in the contract"));
        // when
        completion.runOnce();
        List<Change> later = added(completed("c"));
        for (int i = 0; i < 4; i++) {
            completion.runOnce();
        }
        // then
        assertEquals(List.of(first, first, first, first, later), calls);
    }

    @Test
    void reportsAResultOnlyWhenTheStoreHasIt() {
        // given
        added(failed("a"));
        fail(new StoreException("away"));
        // when
        completion.runOnce();
        // then
        assertEquals(List.of(), heard.all(JobFailed.class));
        assertEquals(List.of(), settled);
        assertEquals(1, completion.unsettled());
        completion.runOnce();
        assertEquals(1, heard.all(JobFailed.class).size());
        assertEquals(List.of("a"), settled);
    }

    @Test
    void waitsLongerAfterEachFailure() {
        // given
        added(completed("a"));
        List<Duration> pauses = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            fail(new StoreException("away"));
            fail(new OutcomeUnknownException("lost", null));
            fail(new IllegalStateException("not in the contract"));
        }
        // when
        for (int i = 0; i < 12; i++) {
            pauses.add(completion.runOnce().next());
        }
        // then
        for (int i = 0; i < 12; i++) {
            long longest = Math.min(5_000, 50L << i);
            assertTrue(pauses.get(i).toMillis() <= longest, pauses.toString());
            assertTrue(pauses.get(i).toMillis() >= longest / 2, pauses.toString());
        }
    }

    @Test
    void saysOnceThatTheStoreFailsAndOnceThatItIsBack() {
        // given
        added(completed("a"));
        for (int i = 0; i < 5; i++) {
            fail(new StoreException("away"));
        }
        // when
        for (int i = 0; i < 5; i++) {
            platform.advance(completion.runOnce().next());
        }
        // then
        assertEquals("completion", heard.only(StoreUnavailable.class).duty());
        assertTrue(completion.condition().problem().isPresent());
        completion.runOnce();
        assertEquals(platform.passed(), heard.only(StoreAvailable.class).outage());
        assertFalse(completion.condition().problem().isPresent());
    }

    /** Else it would be found PROCESSING and not held, be released, and run again, for ever. */
    @Test
    void failsAJobWhoseResultTheStoreCannotHold() {
        // given
        added(completed("a"));
        fail(new IllegalArgumentException("it can't be stored"));
        // when
        completion.runOnce();
        completion.runOnce();
        // then
        assertEquals(JobStatus.FAILED, calls.get(1).get(0).to().orElseThrow());
        assertEquals(
                "the store refused COMPLETE: it can't be stored",
                heard.only(JobFailed.class).error());
        assertEquals(List.of("a"), settled);
        assertEquals(0, completion.unsettled());
    }

    @Test
    void givesUpWhenTheStoreCannotHoldThatTheJobHasFailedEither() {
        // given
        added(completed("a"));
        fail(new IllegalArgumentException("it can't be stored"));
        fail(new IllegalArgumentException("nor can this"));
        // when
        completion.runOnce();
        completion.runOnce();
        // then
        assertEquals(2, heard.all(ResultRefused.class).size());
        assertEquals(List.of("a"), settled);
        assertEquals(0, completion.unsettled());
    }

    @Test
    void splitsABatchOnlyWhenItsDataIsAtFault() {
        // given
        List<Change> changes = added(completed("a"), completed("b"), completed("c"));
        fail(new IllegalArgumentException("b can't be stored"));
        answer(ApplyOutcome.applied());
        fail(new IllegalArgumentException("b can't be stored"));
        // when
        List<Turn> turns = Stream.generate(completion::runOnce).limit(6).toList();
        // then
        assertEquals(List.of(0, 1, 0, 1, 1, 0), turns.stream().map(Turn::done).toList());
        assertEquals(
                List.of(changes, changes.subList(0, 1), changes.subList(1, 2), changes.subList(2, 3)),
                calls.subList(0, 4));
        assertEquals(changes.get(1).id(), heard.only(ResultRefused.class).jobId());
        assertEquals(List.of("a", "c", "b"), settled);
        assertEquals(0, completion.unsettled());
    }

    @Test
    void takesARefusalForAnAnswer() {
        // given
        added(completed("a"));
        fail(new StoreException("away"));
        fail(new IllegalArgumentException("a can't be stored"));
        // when
        completion.runOnce();
        completion.runOnce();
        // then
        assertFalse(completion.condition().problem().isPresent());
        assertEquals("completion", heard.only(StoreAvailable.class).duty());
    }

    @Test
    void saysWhenThereIsRoomForFurtherResults() {
        // given
        added(completed("a"), completed("b"));
        fail(new StoreException("away"));
        answer(ApplyOutcome.applied(), ApplyOutcome.missing());
        // when
        completion.runOnce();
        assertEquals(0, room);
        completion.runOnce();
        // then
        assertEquals(1, room);
    }

    @Test
    void holdsNoJobThoughNobodyCanBeTold() {
        // given
        Reporter broken = mock(Reporter.class);
        doThrow(new IllegalStateException("the log is closed")).when(broken).publish(any());
        completion = new Completion(platform, store, broken, applied::add, () -> {}, () -> {});
        added(failed("a"), failed("b"));
        // when
        assertThrows(IllegalStateException.class, completion::runOnce);
        // then
        assertEquals(List.of("a", "b"), settled);
        assertEquals(0, completion.unsettled());
        completion.runOnce();
        assertEquals(1, calls.size());
    }

    @Test
    void waitsUntilTheStoreHasEveryResult() {
        // given
        added(completed("a"));
        platform.meanwhile(completion::runOnce);
        // when
        boolean settledInTime = completion.awaitSettled(Deadline.in(Duration.ofSeconds(1), platform));
        // then
        assertTrue(settledInTime);
    }

    @Test
    void wakesWhoeverWaitsWhenTheStoreHasTheLastResult() throws Exception {
        // given
        RealPlatform real = new RealPlatform(InstantSource.system(), false);
        completion = new Completion(real, store, mock(Reporter.class), applied::add, () -> {}, () -> {});
        added(completed("a"));
        Thread waits = new Thread(() -> completion.awaitSettled(Deadline.in(Duration.ofHours(1), real)));
        waits.start();
        while (waits.getState() != Thread.State.TIMED_WAITING && waits.isAlive()) {
            Thread.onSpinWait();
        }
        // when
        completion.runOnce();
        // then
        waits.join(20_000);
        assertFalse(waits.isAlive());
    }

    @Test
    void waitsNoLongerThanItsDeadline() {
        // given
        added(completed("a"));
        // when
        boolean settledInTime = completion.awaitSettled(Deadline.in(Duration.ofSeconds(1), platform));
        // then
        assertFalse(settledInTime);
        assertEquals(Duration.ofSeconds(1), platform.passed());
    }
}
