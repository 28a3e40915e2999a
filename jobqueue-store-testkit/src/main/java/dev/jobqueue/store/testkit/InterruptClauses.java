package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobStatus.COMPLETED;
import static dev.jobqueue.job.JobStatus.PENDING;
import static dev.jobqueue.job.JobStatus.PROCESSING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreSession;
import java.util.AbstractList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A call on an interrupted thread works or throws, keeps the thread's flag, and does the store no harm. */
abstract class InterruptClauses extends Clauses {
    /** A store looks at a job of its batch some few times; one that does so often never ends. */
    private static final int MOST_LOOKS = 1_000;

    InterruptClauses(JobStoreContract contract) {
        super(contract);
    }

    /** Else a test that failed would leave its flag to the next one. */
    @AfterEach
    void clearTheFlag() {
        Thread.interrupted();
    }

    @Test
    void leaveAnInsertWholeOrUndone() {
        // given
        List<Job> jobs = jobs(5);
        // when
        Answer answer = interrupted(() -> insert(jobs));
        // then
        long stored =
                jobs.stream().filter(job -> store.find(job.id()).isPresent()).count();
        switch (answer) {
            case WORKED -> assertEquals(5, stored);
            case REFUSED -> assertEquals(0, stored);
            case UNKNOWN -> assertTrue(stored == 0 || stored == 5, "a part of the batch was stored");
        }
        insert(aJob());
    }

    @Test
    void leaveAChangeWholeOrUndone() {
        // given
        JobInfo job = claimedJob();
        // when
        Answer answer = interrupted(() -> changed(Change.complete(job, now())));
        // then
        switch (answer) {
            case WORKED -> assertEquals(COMPLETED, info(job.id()).status());
            case REFUSED -> assertEquals(PROCESSING, info(job.id()).status());
            case UNKNOWN ->
                assertTrue(Set.of(PROCESSING, COMPLETED).contains(info(job.id()).status()));
        }
        changed(Change.complete(claimedJob(), now()));
    }

    @Test
    void leaveAClaimWholeOrUndone() {
        // given
        StoreSession session = member();
        Job job = insert(aJob());
        // when
        Answer answer = interrupted(() -> session.claim(claiming(1)));
        // then
        switch (answer) {
            case WORKED -> assertEquals(PROCESSING, info(job.id()).status());
            case REFUSED -> assertEquals(PENDING, info(job.id()).status());
            case UNKNOWN ->
                assertTrue(Set.of(PENDING, PROCESSING).contains(info(job.id()).status()));
        }
        claimedJob();
    }

    @Test
    void leaveReadingPossible() {
        // given
        Job job = insert(aJob());
        // then
        interrupted(() -> store.find(job.id()));
        assertEquals(job, found(job.id()));
        interrupted(() -> store.list(JobQuery.of(JobFilter.any())));
        assertEquals(1, store.list(JobQuery.of(JobFilter.any())).jobs().size());
        interrupted(() -> store.counts(Set.of(PENDING)));
        assertFalse(store.counts(Set.of(PENDING)).isEmpty());
    }

    @Test
    void leaveMembershipPossible() {
        // given
        Node node = aNode("worker");
        // then
        interrupted(() -> join(node));
        StoreSession session = join(node);
        interrupted(() -> session.heartbeat(Set.of()));
        session.heartbeat(Set.of());
        interrupted(session::close);
        session.close();
        join(aNode("next"));
    }

    /** The flag comes up while a batch is read: at its first look, at its second, and so on until no look is left. */
    @Test
    void inTheMidstOfCallsLoseNothing() {
        boolean cameUp = true;
        for (int look = 1; cameUp; look++) {
            // given
            assertTrue(look <= MOST_LOOKS, "the store never stops to look at its batch");
            InterruptingBatch batch = new InterruptingBatch(jobs(3), look);
            // when
            boolean acknowledged = acknowledges(batch);
            // then
            cameUp = Thread.interrupted();
            assertEquals(batch.looks >= look, cameUp, "the thread's interrupt flag was lost");
            assertTrue(acknowledged || cameUp, "refused, although nobody interrupted it");
            long stored = batch.jobs.stream()
                    .filter(job -> store.find(job.id()).equals(Optional.of(job)))
                    .count();
            assertTrue(stored == 3 || (stored == 0 && !acknowledged), "so many jobs were stored: " + stored);
            insert(aJob());
        }
    }

    private boolean acknowledges(List<Job> batch) {
        try {
            store.insert(batch);
            return true;
        } catch (StoreException refused) {
            return false;
        }
    }

    /** Interrupts its caller at this look. */
    private static final class InterruptingBatch extends AbstractList<Job> {
        private final Thread caller = Thread.currentThread();
        private final List<Job> jobs;
        private final int at;
        private int looks;

        InterruptingBatch(List<Job> jobs, int at) {
            this.jobs = jobs;
            this.at = at;
        }

        @Override
        public Job get(int index) {
            if (++looks == at) {
                caller.interrupt();
            }
            return jobs.get(index);
        }

        @Override
        public int size() {
            return jobs.size();
        }
    }

    private enum Answer {
        WORKED,
        REFUSED,
        UNKNOWN
    }

    /** Runs the call on an interrupted thread, this one, and takes the flag away again. */
    private Answer interrupted(Runnable call) {
        Answer answer;
        Thread.currentThread().interrupt();
        try {
            call.run();
            answer = Answer.WORKED;
        } catch (OutcomeUnknownException e) {
            answer = Answer.UNKNOWN;
        } catch (StoreException e) {
            answer = Answer.REFUSED;
        }
        assertTrue(Thread.interrupted(), "the thread's interrupt flag was lost");
        return answer;
    }
}
