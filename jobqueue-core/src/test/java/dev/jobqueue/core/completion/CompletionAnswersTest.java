package dev.jobqueue.core.completion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.event.JobCompleted;
import dev.jobqueue.event.ResultRefused;
import dev.jobqueue.event.ResultUnknown;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of a result, by what the store answered. */
class CompletionAnswersTest extends Completing {
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
}
