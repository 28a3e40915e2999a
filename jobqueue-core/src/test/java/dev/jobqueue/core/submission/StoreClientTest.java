package dev.jobqueue.core.submission;

import static dev.jobqueue.core.given.UnreliableStore.Call.APPLY;
import static dev.jobqueue.core.given.UnreliableStore.Call.FIND;
import static dev.jobqueue.core.given.UnreliableStore.Call.INSERT;
import static dev.jobqueue.core.given.UnreliableStore.Call.LIST;
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
import dev.jobqueue.core.given.UnreliableStore;
import dev.jobqueue.core.runtime.FakePlatform;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.JobCount;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class StoreClientTest {
    private static final JobRequest REQUEST = JobRequest.of(SomeJobs.TYPE, "hello");
    private static final JobId OWN = JobId.of("order-4711");

    private final FakePlatform platform = new FakePlatform();
    private final MemoryJobStore real = MemoryJobStore.create(platform::now);
    private final UnreliableStore store = new UnreliableStore(real);
    private final List<String> told = new ArrayList<>();
    private final StoreClient client = new StoreClient(platform, store, 100, new Told());

    private final class Told implements ClientEvents {
        private final Finals finals = new Finals();

        @Override
        public void becamePending(String type, String queue, Instant runAt) {
            told.add(type + " in " + queue);
        }

        @Override
        public void changed(JobInfo seen, Change change) {
            told.add(change.to().orElseThrow().toString());
        }

        @Override
        public Finals finals() {
            return finals;
        }
    }

    private StoreSession session() {
        return real.join(JoinRequest.of(SomeJobs.NODE, Duration.ofSeconds(6), () -> {}));
    }

    private JobInfo claimed(JobId id) {
        session().claim(ClaimRequest.of(platform.now(), 1, List.of(ClaimSlot.of("default", Set.of(SomeJobs.TYPE), 1))));
        return info(id);
    }

    private JobInfo failed(JobId id) {
        real.apply(List.of(Change.fail(claimed(id), platform.now(), "broken")));
        return info(id);
    }

    private JobInfo info(JobId id) {
        return real.find(id).orElseThrow().info();
    }

    @AfterEach
    void leaveNoInterrupt() {
        Thread.interrupted();
    }

    @Nested
    class Submit {
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
            assertEquals("the payload must be at most 100 bytes, but was 101", refused.getMessage());
            assertEquals(List.of(), client.counts());
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
        void refusesAnotherJobUnderAnIdThatIsTaken() {
            // given
            client.submit(REQUEST.withId(OWN));
            JobId ownToo = JobId.of("order-4712");
            JobRequest otherPayload = JobRequest.of(SomeJobs.TYPE, "other").withId(OWN);
            JobRequest otherType = JobRequest.of("other", "hello").withId(OWN);
            // when
            JobIdConflictException conflict = assertThrows(
                    JobIdConflictException.class,
                    () -> client.submitAll(List.of(REQUEST.withId(ownToo), otherPayload)));
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

    @Nested
    class Cancel {
        @Test
        void endsAPendingJob() {
            // given
            client.submit(REQUEST.withId(OWN));
            // then
            assertTrue(client.cancel(OWN));
            assertEquals(JobStatus.CANCELLED, info(OWN).status());
            assertEquals(List.of("count in default", "CANCELLED"), told);
        }

        @Test
        void endsARunningJob() {
            // given
            client.submit(REQUEST.withId(OWN));
            claimed(OWN);
            // then
            assertTrue(client.cancel(OWN));
            assertEquals(JobStatus.CANCELLED, info(OWN).status());
        }

        @Test
        void saysOfAFinalOrUnknownJobThatItDidNothing() {
            // given
            client.submit(REQUEST.withId(OWN));
            client.cancel(OWN);
            // then
            assertFalse(client.cancel(OWN));
            assertFalse(client.cancel(JobId.of("unknown")));
        }

        @Test
        void readsAgainWhenTheJobHasMovedOn() {
            // given
            client.submit(REQUEST.withId(OWN));
            store.next(LIST, Trouble.after(() -> claimed(OWN)));
            // then
            assertTrue(client.cancel(OWN));
            assertEquals(1, info(OWN).attempt());
            assertEquals(2, store.calls(APPLY));
        }

        @Test
        void saysThatItDidItThoughAnAnswerWasLost() {
            // given
            client.submit(REQUEST.withId(OWN));
            store.next(APPLY, Trouble.answerLost());
            // then
            assertTrue(client.cancel(OWN));
            assertEquals(List.of("count in default", "CANCELLED"), told);
        }

        @Test
        void ridesOutAnOutage() {
            // given
            client.submit(REQUEST.withId(OWN));
            store.next(LIST, Trouble.refused(), Trouble.refused());
            store.next(APPLY, Trouble.refused(), Trouble.lost());
            // then
            assertTrue(client.cancel(OWN));
        }

        @Test
        void givesUpAfterTenSeconds() {
            // given
            client.submit(REQUEST.withId(OWN));
            store.always(APPLY, Trouble.refused());
            // then
            assertThrows(StoreException.class, () -> client.cancel(OWN));
            assertTrue(platform.passed().compareTo(Duration.ofSeconds(10)) <= 0, platform.passed()::toString);
        }
    }

    @Nested
    class Retry {
        @Test
        void sendsAFailedJobAgain() {
            // given
            client.submit(REQUEST.withId(OWN));
            failed(OWN);
            // then
            assertTrue(client.retry(OWN));
            assertEquals(JobStatus.PENDING, info(OWN).status());
            assertEquals(0, info(OWN).failures());
            assertEquals(List.of("count in default", "PENDING"), told);
        }

        @Test
        void leavesAnyOtherJobAlone() {
            // given
            client.submit(REQUEST.withId(OWN));
            // then
            assertFalse(client.retry(OWN));
            claimed(OWN);
            assertFalse(client.retry(OWN));
            assertFalse(client.retry(JobId.of("unknown")));
            assertEquals(0, store.calls(APPLY));
        }

        @Test
        void saysThatItDidItThoughAnAnswerWasLost() {
            // given
            client.submit(REQUEST.withId(OWN));
            failed(OWN);
            store.next(APPLY, Trouble.answerLost());
            // then
            assertTrue(client.retry(OWN));
        }
    }

    @Nested
    class Await {
        @Test
        void returnsAFinalJobAtOnce() throws Exception {
            // given
            client.submit(REQUEST.withId(OWN));
            client.cancel(OWN);
            // then
            assertEquals(Optional.of(info(OWN)), client.await(OWN, Duration.ZERO));
            assertEquals(Duration.ZERO, platform.passed());
        }

        @Test
        void waitsUntilTheJobIsFinal() throws Exception {
            // given
            client.submit(REQUEST.withId(OWN));
            platform.meanwhile(() -> {});
            platform.meanwhile(() -> client.cancel(OWN));
            // then
            assertEquals(
                    Optional.of(JobStatus.CANCELLED),
                    client.await(OWN, Duration.ofMinutes(1)).map(JobInfo::status));
        }

        @Test
        void looksRarelyAtAJobThatTakesLong() throws Exception {
            // given
            client.submit(REQUEST.withId(OWN));
            // when
            Optional<JobInfo> none = client.await(OWN, Duration.ofMinutes(1));
            // then
            assertEquals(Optional.empty(), none);
            assertEquals(Duration.ofMinutes(1), platform.passed());
            assertTrue(store.calls(LIST) < 75, () -> store.calls(LIST) + " looks");
        }

        @Test
        void returnsNothingOfAnUnknownJob() throws Exception {
            assertEquals(Optional.empty(), client.await(OWN, Duration.ofMinutes(1)));
            assertEquals(Duration.ZERO, platform.passed());
        }

        @Test
        void endsWhenInterrupted() {
            // given
            client.submit(REQUEST.withId(OWN));
            Thread.currentThread().interrupt();
            // then
            assertThrows(InterruptedException.class, () -> client.await(OWN, Duration.ofMinutes(1)));
        }
    }

    @Nested
    class Read {
        @Test
        void findsAJobWithAPayloadOfTheCallersOwn() {
            // given
            client.submit(REQUEST.withId(OWN));
            // when
            client.find(OWN).orElseThrow().payload()[0] = 0;
            // then
            assertArrayEquals(REQUEST.payload(), client.find(OWN).orElseThrow().payload());
            assertEquals(Optional.empty(), client.find(JobId.of("unknown")));
        }

        @Test
        void listsOnlyWhatMatches() {
            // given
            client.submit(REQUEST.withId(OWN));
            client.submit(JobRequest.of("other", "hello"));
            // when
            JobQuery query = JobQuery.of(JobFilter.any().withTypes(Set.of(SomeJobs.TYPE)));
            // then
            assertEquals(
                    List.of(OWN),
                    client.list(query).jobs().stream().map(JobInfo::id).toList());
        }

        @Test
        void countsTheAskedStatusesOrAll() {
            // given
            client.submitAll(List.of(REQUEST, REQUEST, REQUEST.withId(OWN)));
            client.cancel(OWN);
            JobCount pending = JobCount.of("default", SomeJobs.TYPE, JobStatus.PENDING, 2);
            // then
            assertEquals(List.of(pending), client.counts(JobStatus.PENDING));
            assertEquals(2, client.counts().size());
        }

        @Test
        void saysThatTheStoreDoesNotAnswer() {
            // given
            store.plan(call -> Trouble.refused());
            // then
            assertThrows(StoreException.class, () -> client.find(OWN));
            assertThrows(StoreException.class, () -> client.list(JobQuery.of(JobFilter.any())));
            assertThrows(StoreException.class, client::counts);
        }
    }
}
