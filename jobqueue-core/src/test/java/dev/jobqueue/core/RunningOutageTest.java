package dev.jobqueue.core;

import static dev.jobqueue.core.given.UnreliableStore.Call.APPLY;
import static dev.jobqueue.core.given.UnreliableStore.Call.CLAIM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobQueue;
import dev.jobqueue.core.given.Trouble;
import dev.jobqueue.event.ResultRefused;
import dev.jobqueue.event.StoreAvailable;
import dev.jobqueue.event.StoreUnavailable;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobStatus;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class RunningOutageTest extends RunningQueue {
    private final Set<String> done = ConcurrentHashMap.newKeySet();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);

    /** A queue with two jobs that run as the outage begins, and more that wait. */
    private JobQueue caughtBy(Trouble outage) throws InterruptedException {
        JobQueue queue = started(builder -> builder.handler(TYPE, job -> {
            begun.countDown();
            await(gate);
            assertTrue(done.add(job.text()), "ran twice: " + job.text());
        }));
        for (int i = 0; i < 50; i++) {
            submitted(queue, "job " + i);
        }
        await(begun);
        store.plan(call -> outage);
        gate.countDown();
        return queue;
    }

    private void saysOnceThatTheStoreFails(JobQueue queue) throws InterruptedException {
        heard.await(StoreUnavailable.class, 2);
        assertFalse(queue.health().healthy());
        assertEquals(2, queue.health().problems().size(), queue.health().problems()::toString);
    }

    private void goesOnWhenItIsBack(JobQueue queue) throws InterruptedException {
        store.heal();
        assertTrue(queue.awaitIdle(LONG));
        heard.await(StoreAvailable.class, 2);
        assertEquals(
                Set.of("completion", "dispatch"),
                Set.copyOf(heard.all(StoreUnavailable.class).stream()
                        .map(StoreUnavailable::duty)
                        .toList()));
        assertEquals(2, heard.all(StoreUnavailable.class).size());
        assertEquals(2, heard.all(StoreAvailable.class).size());
        assertEquals(List.of(), queue.health().problems());
        assertEquals(50, done.size());
        assertEquals(50, jobs(JobStatus.COMPLETED));
        assertEquals(List.of(), heard.all(ResultRefused.class));
    }

    @Test
    void goesOnByItselfAfterAStoreThatDidNothing() throws Exception {
        // given
        JobQueue queue = caughtBy(Trouble.refused());
        // then
        saysOnceThatTheStoreFails(queue);
        goesOnWhenItIsBack(queue);
    }

    @Test
    void goesOnByItselfAfterAStoreThatThrewWhateverItLiked() throws Exception {
        // given
        JobQueue queue = caughtBy(Trouble.thrown(NullPointerException::new));
        // then
        saysOnceThatTheStoreFails(queue);
        goesOnWhenItIsBack(queue);
    }

    @Test
    void writesAResultAsSoonAsTheStoreTakesIt() throws Exception {
        // given
        store.always(APPLY, Trouble.refused());
        JobQueue queue = started(builder -> builder.handler(TYPE, job -> {}));
        JobId id = submitted(queue, "a");
        assertEquals("completion", heard.await(StoreUnavailable.class).duty());
        assertEquals(JobStatus.PROCESSING, info(id).status());
        assertEquals(1, queue.health().results());
        // when
        store.heal();
        // then
        assertEquals(JobStatus.COMPLETED, finished(queue, id).status());
        assertEquals(1, info(id).attempt());
    }

    @Test
    void givesBackWhatALostAnswerClaimed() throws Exception {
        // given
        store.next(CLAIM, Trouble.none(), Trouble.answerLost());
        JobQueue queue = started(builder -> builder.handler(TYPE, job -> done.add(job.text())));
        await(() -> store.calls(CLAIM) >= 1);
        // when
        JobId id = submitted(queue, "a");
        // then
        assertEquals(JobStatus.COMPLETED, finished(queue, id).status());
        assertEquals(2, info(id).attempt());
        assertEquals(0, info(id).failures());
        assertEquals(Set.of("a"), done);
    }

    @Test
    void endsInBoundedTimeWhenItStopsDuringAnOutage() throws Exception {
        // given
        JobQueue queue = caughtBy(Trouble.refused());
        saysOnceThatTheStoreFails(queue);
        // when
        queue.stop();
        // then
        assertTrue(jobs(JobStatus.PROCESSING) > 0);
        // when the store is back, recovery takes what the stop had to leave
        store.heal();
        done.clear();
        queue.start();
        assertTrue(queue.awaitIdle(LONG));
        assertEquals(50, jobs(JobStatus.COMPLETED));
        assertTrue(queue.recovery().recovered() > 0);
    }
}
