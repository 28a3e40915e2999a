package dev.jobqueue.core.submission;

import static dev.jobqueue.core.given.UnreliableStore.Call.INSERT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobIdConflictException;
import dev.jobqueue.JobRequest;
import dev.jobqueue.Submission;
import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.job.Job;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JobWriter;
import dev.jobqueue.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Submits through the writer of a transaction, which here is committed at once. */
class SubmitWithinTest extends OneClient {
    private final List<List<Job>> inserted = new ArrayList<>();

    private final JobWriter writer = new JobWriter() {
        @Override
        public List<InsertOutcome> insert(List<Job> jobs) {
            inserted.add(jobs);
            return real.insert(jobs);
        }

        @Override
        public List<ApplyOutcome> apply(List<Change> changes) {
            throw new UnsupportedOperationException();
        }
    };

    @Test
    void storesTheJobsThroughTheWriterAlone() {
        // when
        List<Submission> submissions = client.submitWithin(writer, List.of(REQUEST, REQUEST.withId(OWN)));
        // then
        assertEquals(2, inserted.get(0).size());
        assertEquals(0, store.calls(INSERT));
        assertTrue(submissions.stream().allMatch(Submission::stored));
        assertEquals(OWN, submissions.get(1).id());
        assertEquals(List.of(), told, "nobody can claim it before the commit");
    }

    @Test
    void isTriedOnce() {
        // given
        StoreException away = new StoreException("away");
        JobWriter broken = new JobWriter() {
            @Override
            public List<InsertOutcome> insert(List<Job> jobs) {
                inserted.add(jobs);
                throw away;
            }

            @Override
            public List<ApplyOutcome> apply(List<Change> changes) {
                throw new UnsupportedOperationException();
            }
        };
        // then
        assertSame(away, assertThrows(StoreException.class, () -> client.submitWithin(broken, List.of(REQUEST))));
        assertEquals(1, inserted.size());
    }

    @Test
    void saysWhichWereThereAlready() {
        // given
        client.submit(REQUEST.withId(OWN));
        // then
        assertFalse(
                client.submitWithin(writer, List.of(REQUEST.withId(OWN))).get(0).stored());
        assertThrows(
                JobIdConflictException.class,
                () -> client.submitWithin(
                        writer, List.of(JobRequest.of(SomeJobs.TYPE, "another").withId(OWN))));
    }

    @Test
    void refusesAPayloadOverTheLimitBeforeItWritesAny() {
        // given
        JobRequest large = JobRequest.of(SomeJobs.TYPE, new byte[101]);
        // then
        assertThrows(IllegalArgumentException.class, () -> client.submitWithin(writer, List.of(REQUEST, large)));
        assertEquals(List.of(), inserted);
        assertEquals(List.of(), client.submitWithin(writer, List.of()));
    }
}
