package dev.jobqueue.core.submission;

import static dev.jobqueue.core.given.UnreliableStore.Call.APPLY;
import static dev.jobqueue.core.given.UnreliableStore.Call.LIST;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobRequest;
import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.core.given.Trouble;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobCount;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class StoreClientTest extends OneClient {
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
