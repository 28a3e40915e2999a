package dev.jobqueue.core.submission;

import static dev.jobqueue.core.given.UnreliableStore.Call.FIND;
import static dev.jobqueue.core.given.UnreliableStore.Call.INSERT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobIdConflictException;
import dev.jobqueue.JobRequest;
import dev.jobqueue.Submission;
import dev.jobqueue.SubmitException;
import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.core.given.Trouble;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.OutcomeUnknownException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SubmitTest extends OneClient {
    @Test
    void storesTheJob() {
        // when
        Submission submission = client.submit(REQUEST);
        // then
        assertTrue(submission.stored());
        assertEquals(JobStatus.PENDING, info(submission.id()).status());
        assertArrayEquals(
                REQUEST.payload(), real.find(submission.id()).orElseThrow().payload());
        assertEquals(List.of("count in default"), told);
    }

    @Test
    void storesAllInOneBatchInTheirOrder() {
        // when
        List<Submission> submissions = client.submitAll(List.of(REQUEST, REQUEST.withId(OWN), REQUEST));
        // then
        assertEquals(1, store.calls(INSERT));
        assertEquals(OWN, submissions.get(1).id());
        assertTrue(submissions.get(0).id().compareTo(submissions.get(2).id()) < 0);
    }

    @Test
    void asksTheStoreNothingForNoJobs() {
        assertEquals(List.of(), client.submitAll(List.of()));
        assertEquals(0, store.calls(INSERT));
    }

    @Test
    void refusesAPayloadOverTheLimitAndStoresNoneOfItsBatch() {
        // given
        JobRequest large = JobRequest.of(SomeJobs.TYPE, new byte[101]);
        // when
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> client.submitAll(List.of(REQUEST, large)));
        // then
        assertEquals(
                "the payload must be at most 100 bytes, but was 101; keep it elsewhere and submit where it is, or raise"
                        + " maxPayload",
                refused.getMessage());
        assertEquals(List.of(), client.counts());
    }

    @Test
    void refusesMoreAtOnceThanTheStoreTakes() {
        // given
        int most = store.traits().maxBatch();
        // when
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> client.submitAll(Collections.nCopies(most + 1, REQUEST)));
        // then
        assertEquals(
                "at most " + most + " jobs can be submitted at once, but were " + (most + 1)
                        + "; submit them in several batches",
                refused.getMessage());
        assertEquals(0, store.calls(INSERT));
    }

    @Test
    void ridesOutAnOutage() {
        // given
        store.next(INSERT, Trouble.refused(), Trouble.lost(), Trouble.refused(), Trouble.lost());
        // when
        Submission submission = client.submit(REQUEST);
        // then
        assertTrue(submission.stored());
        assertEquals(5, store.calls(INSERT));
        assertEquals(1, Set.copyOf(store.inserted()).size());
    }

    @Test
    void takesSameIdAfterALostAnswerForSuccess() {
        // given
        store.next(INSERT, Trouble.answerLost());
        // when
        Submission submission = client.submit(REQUEST);
        // then
        assertTrue(submission.stored());
        assertEquals(List.of("count in default"), told);
    }

    @Test
    void beginsNoTryAfterTenSecondsAndNamesTheIds() {
        // given
        store.always(INSERT, Trouble.refused());
        // when
        SubmitException failed =
                assertThrows(SubmitException.class, () -> client.submitAll(List.of(REQUEST, REQUEST.withId(OWN))));
        // then
        assertTrue(platform.passed().compareTo(Duration.ofSeconds(10)) <= 0, platform.passed()::toString);
        assertTrue(platform.passed().compareTo(Duration.ofSeconds(5)) >= 0, platform.passed()::toString);
        assertEquals(store.inserted().get(0).stream().map(job -> job.id()).toList(), failed.ids());
        assertEquals(OWN, failed.ids().get(1));
        assertEquals(List.of(), told);
    }

    @Test
    void canBeSentAgainUnderTheIdsOfAFailedOne() {
        // given
        store.always(INSERT, Trouble.answerLost());
        SubmitException failed = assertThrows(SubmitException.class, () -> client.submit(REQUEST));
        store.heal();
        // when
        Submission again = client.submit(REQUEST.withId(failed.ids().get(0)));
        // then
        assertFalse(again.stored());
        assertEquals(1, client.counts().get(0).jobs());
    }

    @Test
    void isTriedOnceOnAnInterruptedThreadWhichKeepsItsFlag() {
        // given
        store.always(INSERT, Trouble.refused());
        Thread.currentThread().interrupt();
        // when
        assertThrows(SubmitException.class, () -> client.submit(REQUEST));
        // then
        assertEquals(1, store.calls(INSERT));
        assertTrue(Thread.interrupted());
    }

    @Test
    void worksOnAnInterruptedThreadWhichKeepsItsFlag() {
        // given
        Thread.currentThread().interrupt();
        // then
        assertTrue(client.submit(REQUEST).stored());
        assertTrue(Thread.interrupted());
    }

    @Test
    void saysOfItsOwnIdThatItWasThere() {
        // given
        client.submit(REQUEST.withId(OWN));
        platform.advance(Duration.ofSeconds(1));
        // when
        Submission again = client.submit(REQUEST.withId(OWN).withPriority(1));
        // then
        assertEquals(new Submission(OWN, false), again);
        assertEquals(JobInfo.DEFAULT_PRIORITY, info(OWN).priority());
        assertEquals(List.of("count in default"), told);
    }

    @Test
    void saysOfItsOwnIdThatThisCallStoredItThoughAnAnswerWasLost() {
        // given
        store.next(INSERT, Trouble.answerLost());
        // then
        assertEquals(new Submission(OWN, true), client.submit(REQUEST.withId(OWN)));
    }

    @Test
    void saysOfItsOwnIdThatThisCallStoredItThoughItRunsByTheTimeOfTheNextTry() {
        // given
        store.next(INSERT, call -> {
            Trouble.none().meet(call);
            claimed(OWN);
            throw new OutcomeUnknownException("lost by the test", null);
        });
        // then
        assertEquals(new Submission(OWN, true), client.submit(REQUEST.withId(OWN)));
    }

    @Test
    void saysOfItsOwnIdThatItWasThereThoughAnAnswerWasLost() {
        // given
        client.submit(REQUEST.withId(OWN));
        platform.advance(Duration.ofMillis(1));
        store.next(INSERT, Trouble.lost(), Trouble.answerLost());
        // then
        assertEquals(new Submission(OWN, false), client.submit(REQUEST.withId(OWN)));
        assertEquals(List.of("count in default"), told);
    }

    @Test
    void refusesAnotherJobUnderItsOwnIdThoughAnAnswerWasLost() {
        // given: stored at the same instant
        client.submit(REQUEST.withId(OWN));
        store.next(INSERT, Trouble.lost(), Trouble.none(), Trouble.lost(), Trouble.none());
        // when
        JobIdConflictException payload = assertThrows(
                JobIdConflictException.class,
                () -> client.submit(JobRequest.of(SomeJobs.TYPE, "other").withId(OWN)));
        JobIdConflictException type = assertThrows(
                JobIdConflictException.class,
                () -> client.submit(JobRequest.of("other", "hello").withId(OWN)));
        // then
        assertEquals(List.of(new Submission(OWN, false)), payload.submissions());
        assertEquals(List.of(new Submission(OWN, false)), type.submissions());
    }

    @Test
    void refusesAnotherJobUnderAnIdThatIsTaken() {
        // given
        client.submit(REQUEST.withId(OWN));
        JobId ownToo = JobId.of("order-4712");
        JobRequest otherPayload = JobRequest.of(SomeJobs.TYPE, "other").withId(OWN);
        JobRequest otherType = JobRequest.of("other", "hello").withId(OWN);
        // when
        JobIdConflictException conflict = assertThrows(
                JobIdConflictException.class, () -> client.submitAll(List.of(REQUEST.withId(ownToo), otherPayload)));
        assertThrows(JobIdConflictException.class, () -> client.submit(otherType));
        // then
        assertEquals(List.of(OWN), conflict.conflicts());
        assertEquals(List.of(new Submission(ownToo, true), new Submission(OWN, false)), conflict.submissions());
        assertArrayEquals(REQUEST.payload(), real.find(OWN).orElseThrow().payload());
    }

    @Test
    void ridesOutAnOutageWhenItLooksAtTheJobThatWasThere() {
        // given
        client.submit(REQUEST.withId(OWN));
        store.next(FIND, Trouble.refused(), Trouble.refused());
        // then
        assertEquals(new Submission(OWN, false), client.submit(REQUEST.withId(OWN)));
    }

    @Test
    void namesTheIdsWhenItCannotLookAtTheJobThatWasThere() {
        // given
        client.submit(REQUEST.withId(OWN));
        store.always(FIND, Trouble.refused());
        // when
        SubmitException failed = assertThrows(SubmitException.class, () -> client.submit(REQUEST.withId(OWN)));
        // then
        assertEquals(List.of(OWN), failed.ids());
    }
}
