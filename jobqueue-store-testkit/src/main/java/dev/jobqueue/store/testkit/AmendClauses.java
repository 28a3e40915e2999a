package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobStatus.COMPLETED;
import static dev.jobqueue.job.JobStatus.PENDING;
import static dev.jobqueue.job.JobStatus.PROCESSING;
import static dev.jobqueue.store.testkit.JobFacts.assertSameJob;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An amendment writes the fields that it names, and no others; and nothing else writes those. */
abstract class AmendClauses extends Clauses {
    private static final byte[] MEMO = {4, 2};

    AmendClauses(JobStoreContract contract) {
        super(contract);
    }

    @Test
    void writesEveryFieldThatItNames() {
        // given
        JobInfo job = insert(aJob(with -> with.attributes(Map.of("a", "1", "b", "2", "c", "3"))))
                .info();
        clock.advance(Duration.ofSeconds(1));
        Change change = Change.amend(job, now())
                .withRunAt(now().plusSeconds(5))
                .withPriority(1)
                .withAttribute("a", "one")
                .withoutAttribute("b")
                .withAttribute("d", "4")
                .withMemo(MEMO);
        // when
        JobInfo after = changed(change);
        // then
        assertSameJob(change.applyTo(job).orElseThrow(), after);
        assertEquals(Map.of("a", "one", "c", "3", "d", "4"), after.attributes());
    }

    @Test
    void leavesStatusOwnerAndAttemptOfAJobThatIsProcessing() {
        // given
        JobInfo job = claimedJob();
        clock.advance(Duration.ofSeconds(1));
        Change change = Change.amend(job, now()).withAttribute("progress", "50").withMemo(MEMO);
        // then
        assertSameJob(change.applyTo(job).orElseThrow(), changed(change));
    }

    @ParameterizedTest
    @EnumSource(names = {"PENDING", "PROCESSING"})
    void doesNotUndoAnotherAmendmentMadeFromTheSameSight(JobStatus status) {
        // given
        JobInfo seen = jobIn(status);
        // when
        changed(Change.amend(seen, now()).withAttribute("a", "1"));
        changed(Change.amend(seen, now()).withAttribute("b", "2"));
        changed(Change.amend(seen, now()).withMemo(MEMO));
        changed(Change.amend(seen, now()).withoutAttribute("never there"));
        // then
        JobInfo after = info(seen.id());
        assertEquals(Map.of("a", "1", "b", "2"), after.attributes());
        assertArrayEquals(MEMO, after.memo().orElseThrow());
    }

    @Test
    void isNotUndoneByATransitionMadeFromAnEarlierSight() {
        // given
        JobInfo seen = claimedJob();
        changed(Change.amend(seen, now()).withAttribute("progress", "50").withMemo(MEMO));
        // when
        JobInfo after = changed(Change.complete(seen, now()));
        // then
        assertEquals(COMPLETED, after.status());
        assertEquals(Map.of("progress", "50"), after.attributes());
        assertArrayEquals(MEMO, after.memo().orElseThrow());
    }

    @Test
    void ofPriorityAndRunAtIsNotUndoneByATransitionMadeFromAnEarlierSight() {
        // given
        JobInfo seen = jobIn(PENDING);
        changed(Change.amend(seen, now()).withPriority(1).withRunAt(now().plusSeconds(9)));
        // when
        JobInfo after = changed(Change.cancel(seen, now()));
        // then
        assertEquals(1, after.priority());
        assertEquals(now().plusSeconds(9), after.runAt());
    }

    @Test
    void isNotUndoneByAClaim() {
        // given
        JobInfo seen = jobIn(PENDING);
        changed(Change.amend(seen, now())
                .withPriority(1)
                .withAttribute("a", "1")
                .withMemo(MEMO));
        // when
        JobInfo claimed = claimAgain(member(), seen.queue());
        // then
        assertEquals(1, claimed.priority());
        assertEquals(Map.of("a", "1"), claimed.attributes());
        assertArrayEquals(MEMO, claimed.memo().orElseThrow());
    }

    @Test
    void decidesWhenAJobIsDue() {
        // given
        Job job = insert(aJob());
        changed(Change.amend(job.info(), now()).withRunAt(JobInfo.NEVER));
        assertEquals(List.of(), claim(1));
        // when
        changed(Change.amend(job.info(), now()).withRunAt(now()));
        // then
        assertEquals(List.of(job.id()), ids(claim(1)));
    }

    @Test
    void isRefusedOnceTheJobHasMovedOn() {
        // given
        JobInfo seen = jobIn(PENDING);
        JobInfo claimed = claimAgain(member(), seen.queue());
        // then
        assertEquals(
                ApplyOutcome.stale(PROCESSING, 1),
                apply(Change.amend(seen, now()).withPriority(1).withAttribute("a", "1")));
        assertSameJob(claimed, info(seen.id()));
    }

    @Test
    void isRefusedAtALaterAttempt() {
        // given
        JobInfo seen = claimedJob();
        changed(Change.release(seen, now()));
        JobInfo again = claimAgain(member(), seen.queue());
        // then
        assertEquals(
                ApplyOutcome.stale(PROCESSING, 2),
                apply(Change.amend(seen, now()).withMemo(MEMO)));
        assertSameJob(again, info(seen.id()));
    }

    @Test
    void isRefusedOnceTheJobIsFinal() {
        // given
        JobInfo seen = claimedJob();
        JobInfo done = changed(Change.complete(seen, now()));
        // then
        assertEquals(
                ApplyOutcome.stale(COMPLETED, 1),
                apply(Change.amend(seen, now()).withMemo(MEMO)));
        assertSameJob(done, info(seen.id()));
    }

    @Test
    void saysThatAJobIsMissing() {
        assertEquals(
                ApplyOutcome.missing(), apply(Change.amend(aJob().info(), now()).withMemo(MEMO)));
    }
}
