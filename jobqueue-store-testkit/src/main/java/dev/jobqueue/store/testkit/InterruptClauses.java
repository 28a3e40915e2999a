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
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A call on an interrupted thread works or throws, keeps the thread's flag, and does the store no harm. */
abstract class InterruptClauses extends Clauses {
    private static final int INTERRUPTS = 100;

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

    /** The flag comes up at any moment of a call, and not before it. */
    @Test
    void inTheMidstOfCallsLoseNothing() throws InterruptedException {
        // given
        Queue<Job> stored = new ConcurrentLinkedQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            while (!over.get()) {
                try {
                    stored.add(insert(aJob()));
                } catch (StoreException refused) {
                    // allowed
                }
                Thread.interrupted();
            }
        });
        // when
        writer.start();
        for (int i = 0; i < INTERRUPTS; i++) {
            writer.interrupt();
            writer.join(1);
        }
        over.set(true);
        writer.join(patience().toMillis());
        // then
        assertFalse(writer.isAlive(), "the writer hangs");
        stored.forEach(job -> assertEquals(job, found(job.id())));
        insert(aJob());
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
