package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobInfo.DEFAULT_QUEUE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.Suspects;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A claim that came back short says when to come again. */
abstract class NextDueClauses extends Clauses {
    NextDueClauses(JobStoreContract contract) {
        super(contract);
    }

    @Test
    void namesTheEarliestRunAtToCome() {
        // given
        insert(aJob());
        insert(aJob(job -> job.priority(0).runAt(now().plusSeconds(60))));
        insert(aJob(job -> job.priority(9).runAt(now().plusMillis(1))));
        // then
        Claimed claimed = member().claim(claiming(5));
        assertEquals(1, claimed.jobs().size());
        assertEquals(Optional.of(now().plusMillis(1)), claimed.nextDue());
    }

    /** So that the caller comes again at once. */
    @Test
    void namesTheRunAtOfWhatWasLeftAlthoughItIsDue() {
        // given
        insert(aJob(job -> job.priority(1)));
        insert(aJob(job -> job.priority(3).runAt(now().minusSeconds(1))));
        insert(aJob(job -> job.priority(2).runAt(now().minusSeconds(9))));
        insert(aJob(job -> job.runAt(now().plusSeconds(9))));
        ClaimSlot slot = ClaimSlot.of(DEFAULT_QUEUE, Set.of(TYPE), 2);
        // then
        assertEquals(
                Optional.of(now().minusSeconds(1)),
                member().claim(claiming(5, slot)).nextDue());
    }

    @Test
    void namesNoneWhereNoneIsToCome() {
        insert(aJob());
        assertEquals(Optional.empty(), nextDue());
    }

    @Test
    void namesNoneForJobsThatWaitForOthers() {
        insert(aJob(job -> job.runAt(JobInfo.NEVER)));
        assertEquals(Optional.empty(), nextDue());
    }

    @Test
    void passesOverWhatWasNotAskedFor() {
        // given
        Instant asked = now().plusSeconds(60);
        insert(aJob("fax", job -> job.runAt(now().plusSeconds(1))));
        insert(aJob(job -> job.queue("night").runAt(now().plusSeconds(2))));
        JobInfo suspect = crashedJob("suspect", JobInfo.SUSPECT_CRASHES);
        changed(Change.amend(suspect, now()).withRunAt(now().plusSeconds(3)));
        insert(aJob(job -> job.runAt(asked)));
        ClaimSlot slot = ClaimSlot.of(DEFAULT_QUEUE, Set.of(TYPE, "suspect"), 5).withSuspects(Suspects.NONE);
        // then
        assertEquals(Optional.of(asked), member().claim(claiming(5, slot)).nextDue());
    }

    @Test
    void looksAtAllSlots() {
        // given
        insert(aJob(job -> job.runAt(now().plusSeconds(9))));
        insert(aJob("fax", job -> job.runAt(now().plusSeconds(5))));
        // when
        Claimed claimed = member().claim(claiming(
                5, ClaimSlot.of(DEFAULT_QUEUE, Set.of(TYPE), 5), ClaimSlot.of(DEFAULT_QUEUE, Set.of("fax"), 5)));
        // then
        assertEquals(Optional.of(now().plusSeconds(5)), claimed.nextDue());
    }

    @Test
    void passesOverJobsThatAreNotPending() {
        // given
        JobInfo job = insert(aJob(with -> with.runAt(now().plusSeconds(5)))).info();
        changed(Change.cancel(job, now()));
        // then
        assertEquals(Optional.empty(), nextDue());
    }

    @Test
    void followsASnooze() {
        // given
        insert(aJob());
        JobInfo job = claim(1).get(0).info();
        changed(Change.snooze(job, now(), now().plusSeconds(30)));
        // then
        assertEquals(Optional.of(now().plusSeconds(30)), nextDue());
    }

    private Optional<Instant> nextDue() {
        return member().claim(claiming(5)).nextDue();
    }
}
