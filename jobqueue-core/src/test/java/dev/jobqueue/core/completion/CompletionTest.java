package dev.jobqueue.core.completion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.jobqueue.core.given.HeardEvents;
import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.runtime.Deadline;
import dev.jobqueue.core.runtime.Duty.Turn;
import dev.jobqueue.core.runtime.FakePlatform;
import dev.jobqueue.event.JobCompleted;
import dev.jobqueue.event.JobFailed;
import dev.jobqueue.event.JobQueueEvent;
import dev.jobqueue.event.JobReleased;
import dev.jobqueue.event.ResultRefused;
import dev.jobqueue.event.ResultUnknown;
import dev.jobqueue.event.StoreAvailable;
import dev.jobqueue.event.StoreUnavailable;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreTraits;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CompletionTest {
    private final FakePlatform platform = new FakePlatform();
    private final HeardEvents heard = new HeardEvents();
    private final JobStore store = mock(JobStore.class);
    /** What the store answers, call by call; then it applies everything. */
    private final Deque<Function<List<Change>, List<ApplyOutcome>>> answers = new ArrayDeque<>();

    private final List<List<Change>> calls = new ArrayList<>();
    private final List<Change> applied = new ArrayList<>();
    private final List<String> settled = new ArrayList<>();
    private int room;
    private Completion completion;

    @BeforeEach
    void aStoreThatAnswers() {
        ofMaxBatch(1_000);
        doAnswer(call -> {
                    List<Change> changes = call.getArgument(0);
                    calls.add(List.copyOf(changes));
                    return answers.isEmpty()
                            ? allApplied(changes)
                            : answers.remove().apply(changes);
                })
                .when(store)
                .apply(any());
        completion = new Completion(
                platform, store, new Reporter(platform, List.of(heard)), applied::add, () -> {}, () -> room++);
    }

    private void ofMaxBatch(int most) {
        when(store.traits()).thenReturn(StoreTraits.exclusive("test").withMaxBatch(most));
    }

    private static List<ApplyOutcome> allApplied(List<Change> changes) {
        return changes.stream().map(change -> ApplyOutcome.applied()).toList();
    }

    private void answer(ApplyOutcome... outcomes) {
        answers.add(changes -> Arrays.asList(outcomes));
    }

    private void fail(RuntimeException failure) {
        answers.add(changes -> {
            throw failure;
        });
    }

    private Result completed(String name, int attempt) {
        JobInfo seen = SomeJobs.processing(name, attempt).info();
        return result(
                name,
                seen,
                "COMPLETE",
                Change.complete(seen, platform.now()),
                new JobCompleted(seen.id(), seen.type(), attempt, Duration.ZERO));
    }

    private Result completed(String name) {
        return completed(name, 1);
    }

    private Result failed(String name) {
        JobInfo seen = SomeJobs.processing(name).info();
        return result(
                name,
                seen,
                "FAIL",
                Change.fail(seen, platform.now(), "broken"),
                new JobFailed(seen.id(), seen.type(), 1, 1, "broken"));
    }

    private Result released(String name) {
        JobInfo seen = SomeJobs.processing(name).info();
        return result(
                name,
                seen,
                "RELEASE",
                Change.release(seen, platform.now()),
                new JobReleased(seen.id(), seen.type(), 1, seen.runAt()));
    }

    private Result result(String name, JobInfo seen, String tried, Change change, JobQueueEvent kept) {
        return new Result(seen, tried, change, kept, () -> settled.add(name));
    }

    private List<Change> added(Result... results) {
        Arrays.stream(results).forEach(completion::add);
        return Arrays.stream(results).map(Result::change).toList();
    }

    @Test
    void writesWhatCameSinceTheLastCallInOneBatch() {
        // given
        List<Change> changes = added(completed("a"), failed("b"), released("c"));
        // when
        Turn turn = completion.runOnce();
        // then
        assertEquals(List.of(changes), calls);
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
        for (int i = 0; i < 12; i++) {
            fail(new StoreException("away"));
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

    @Test
    void splitsABatchOnlyWhenItsDataIsAtFault() {
        // given
        List<Change> changes = added(completed("a"), completed("b"), completed("c"));
        fail(new IllegalArgumentException("b can't be stored"));
        answer(ApplyOutcome.applied());
        fail(new IllegalArgumentException("b can't be stored"));
        // when
        for (int i = 0; i < 5; i++) {
            completion.runOnce();
        }
        // then
        assertEquals(List.of(changes, changes.subList(0, 1), changes.subList(1, 2), changes.subList(2, 3)), calls);
        assertEquals(List.of(changes.get(0), changes.get(2)), applied);
        assertEquals(changes.get(1).id(), heard.only(ResultRefused.class).jobId());
        assertEquals(List.of("a", "b", "c"), settled);
        assertEquals(0, completion.unsettled());
    }

    @Test
    void remembersOfASplitBatchThatItsOutcomeWasUnknown() {
        // given
        added(completed("a"), completed("b"));
        fail(new OutcomeUnknownException("lost", null));
        fail(new IllegalArgumentException("data"));
        answer(ApplyOutcome.stale(JobStatus.COMPLETED, 1));
        // when
        for (int i = 0; i < 5; i++) {
            completion.runOnce();
        }
        // then
        assertEquals(List.of(), heard.all(ResultRefused.class));
        assertEquals(2, heard.all(JobCompleted.class).size());
    }

    @Test
    void takesCompletedAtItsOwnAttemptForSuccessWhenAnAnswerWasLost() {
        // given
        List<Change> changes = added(completed("a", 3));
        fail(new OutcomeUnknownException("lost", null));
        answer(ApplyOutcome.stale(JobStatus.COMPLETED, 3));
        // when
        completion.runOnce();
        completion.runOnce();
        // then
        assertEquals(changes, applied);
        assertEquals(3, heard.only(JobCompleted.class).attempt());
        assertEquals(List.of(), heard.all(ResultUnknown.class));
    }

    @Test
    void saysOfAnyOtherAnswerAfterALostOneThatTheOutcomeIsUnknown() {
        // given
        added(completed("a"), completed("b"), completed("c"), completed("d"), failed("e"), released("f"));
        fail(new OutcomeUnknownException("lost", null));
        answer(
                ApplyOutcome.stale(JobStatus.PENDING, 1),
                ApplyOutcome.stale(JobStatus.COMPLETED, 2),
                ApplyOutcome.stale(JobStatus.CANCELLED, 1),
                ApplyOutcome.missing(),
                ApplyOutcome.stale(JobStatus.FAILED, 1),
                ApplyOutcome.stale(JobStatus.COMPLETED, 1));
        // when
        completion.runOnce();
        completion.runOnce();
        // then
        assertEquals(6, heard.all(ResultUnknown.class).size());
        assertEquals(
                "STALE: PENDING at attempt 1",
                heard.all(ResultUnknown.class).get(0).standsAt());
        assertEquals(List.of(), heard.all(ResultRefused.class));
        assertEquals(List.of(), applied);
        assertEquals(6, settled.size());
    }

    @Test
    void takesWhateverTheContractDoesNotKnowForALostAnswer() {
        // given
        List<List<ApplyOutcome>> strange = new ArrayList<>();
        strange.add(null);
        strange.add(List.of());
        strange.add(List.of(ApplyOutcome.applied(), ApplyOutcome.applied()));
        strange.forEach(outcomes -> answers.add(changes -> outcomes));
        fail(new NullPointerException());
        answer(ApplyOutcome.stale(JobStatus.COMPLETED, 1));
        List<Change> changes = added(completed("a"));
        // when
        for (int i = 0; i < 5; i++) {
            completion.runOnce();
        }
        // then
        assertEquals(List.of(changes, changes, changes, changes, changes), calls);
        assertEquals(changes, applied);
    }

    @Test
    void saysOfAStaleAnswerAtTheFirstTryThatTheResultWasRefused() {
        // given
        added(completed("a"), completed("b"), completed("c"));
        answer(
                ApplyOutcome.stale(JobStatus.COMPLETED, 1),
                ApplyOutcome.stale(JobStatus.PENDING, 1),
                ApplyOutcome.missing());
        // when
        completion.runOnce();
        // then
        assertEquals(3, heard.all(ResultRefused.class).size());
        assertEquals(List.of(), heard.all(ResultUnknown.class));
        assertEquals(List.of(), applied);
    }

    @Test
    void takesATryThatTheStoreDeniesForNone() {
        // given
        added(completed("a"));
        fail(new StoreException("nothing was done"));
        answer(ApplyOutcome.stale(JobStatus.CANCELLED, 1));
        // when
        completion.runOnce();
        completion.runOnce();
        // then
        assertEquals(1, heard.all(ResultRefused.class).size());
    }

    @Test
    void forgetsALostAnswerWithItsBatch() {
        // given
        added(completed("a"));
        fail(new OutcomeUnknownException("lost", null));
        completion.runOnce();
        completion.runOnce();
        added(completed("b"));
        answer(ApplyOutcome.stale(JobStatus.CANCELLED, 1));
        // when
        completion.runOnce();
        // then
        assertEquals(SomeJobs.pending("b").id(), heard.only(ResultRefused.class).jobId());
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
