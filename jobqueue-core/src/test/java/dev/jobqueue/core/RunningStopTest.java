package dev.jobqueue.core;

import static dev.jobqueue.core.given.UnreliableStore.Call.CLAIM;
import static dev.jobqueue.core.given.UnreliableStore.Call.LEAVE;
import static dev.jobqueue.core.given.UnreliableStore.Call.LIST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobQueue;
import dev.jobqueue.QueueState;
import dev.jobqueue.QueueStateException;
import dev.jobqueue.core.given.Trouble;
import dev.jobqueue.event.HandlerStuck;
import dev.jobqueue.event.JobReleased;
import dev.jobqueue.event.NodeEnded;
import dev.jobqueue.event.QueueStopped;
import dev.jobqueue.event.ResultRefused;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreSession;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RunningStopTest extends RunningQueue {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);
    private final List<String> ran = new CopyOnWriteArrayList<>();

    /** Ignores interrupts until the gate is open. */
    private void ignoring() {
        begun.countDown();
        boolean open = false;
        while (!open) {
            try {
                gate.await();
                open = true;
            } catch (InterruptedException e) {
                Thread.interrupted();
            }
        }
    }

    /** A claim that is made, and never answered. */
    private Trouble madeAndLost() {
        return call -> {
            call.run();
            begun.countDown();
            throw new OutcomeUnknownException("lost by the test", null);
        };
    }

    @Test
    void waitsForHandlersThatRun() throws Exception {
        // given
        JobQueue queue = started(builder -> builder.handler(TYPE, job -> {
            begun.countDown();
            await(gate);
        }));
        JobId id = submitted(queue, "a");
        await(begun);
        Thread stopping = meanwhile(queue::stop);
        waits(stopping);
        // when
        gate.countDown();
        ended(stopping);
        // then
        assertEquals(JobStatus.COMPLETED, info(id).status());
        assertEquals(QueueState.STOPPED, queue.health().state());
    }

    @Test
    void interruptsAfterTheGraceAndGivesTheJobBack() throws Exception {
        // given
        JobQueue queue =
                started(builder -> builder.shutdownGrace(Duration.ofMillis(50)).handler(TYPE, job -> {
                    begun.countDown();
                    await(gate);
                }));
        JobId id = submitted(queue, "a");
        await(begun);
        // when
        queue.stop();
        // then
        JobInfo job = info(id);
        assertEquals(JobStatus.PENDING, job.status());
        assertEquals(0, job.failures());
        assertEquals(1, job.attempt());
        assertEquals(id, heard.await(JobReleased.class).jobId());
    }

    @Test
    void givesBackWhatNoHandlerHasBegun() throws Exception {
        // given
        JobQueue queue = started(builder -> builder.workers(1).handler(TYPE, job -> {
            ran.add(job.text());
            begun.countDown();
            await(gate);
        }));
        JobId first = submitted(queue, "first");
        await(begun);
        JobId second = submitted(queue, "second");
        await(() -> info(second).status() == JobStatus.PROCESSING);
        Thread stopping = meanwhile(queue::stop);
        // when
        await(() -> info(second).status() == JobStatus.PENDING);
        gate.countDown();
        ended(stopping);
        // then
        assertEquals(List.of("first"), ran);
        assertEquals(JobStatus.COMPLETED, info(first).status());
        assertEquals(1, info(second).attempt());
        assertEquals(1, heard.await(QueueStopped.class).released());
    }

    @Test
    void claimsNothingAgainThatItHasGivenBack() throws Exception {
        // given: a job that waits for a worker, and a claim that is under way as the queue stops
        CountDownLatch claiming = new CountDownLatch(1);
        CountDownLatch claim = new CountDownLatch(1);
        JobQueue queue = started(builder -> builder.workers(2).handler(TYPE, job -> {
            begun.countDown();
            await(gate);
        }));
        submitted(queue, "first");
        await(begun);
        submitted(queue, "second");
        await(() -> queue.health().busy() == 2);
        JobId third = submitted(queue, "third");
        await(() -> queue.health().delivered() == 1);
        store.next(CLAIM, Trouble.before(() -> {
            claiming.countDown();
            await(() -> claim.getCount() == 0);
        }));
        submitted(queue, "fourth");
        await(claiming);
        Thread stopping = meanwhile(queue::stop);
        waits(stopping);
        // when
        claim.countDown();
        gate.countDown();
        ended(stopping);
        // then
        assertEquals(JobStatus.PENDING, info(third).status());
        assertEquals(1, info(third).attempt());
    }

    @Test
    void startsNoHandlerOnceItHasBegun() throws Exception {
        // given: a claim that is under way as the queue stops
        JobQueue queue = built(builder -> builder.handler(TYPE, job -> ran.add(job.text())));
        JobId id = submitted(queue, "a");
        store.next(CLAIM, Trouble.after(() -> {
            begun.countDown();
            await(() -> gate.getCount() == 0);
        }));
        queue.start();
        await(begun);
        Thread stopping = meanwhile(queue::stop);
        waits(stopping);
        // when
        gate.countDown();
        ended(stopping);
        // then
        assertEquals(List.of(), ran);
        assertEquals(JobStatus.PENDING, info(id).status());
        assertEquals(0, info(id).failures());
    }

    @Test
    void leavesNothingProcessingThoughAnswersWereLost() throws Exception {
        // given
        JobQueue queue = built(builder -> builder.handler(TYPE, job -> ran.add(job.text())));
        JobId id = submitted(queue, "a");
        store.next(CLAIM, madeAndLost());
        store.next(LIST, Trouble.refused(), Trouble.refused());
        store.next(LEAVE, Trouble.refused(), Trouble.answerLost());
        queue.start();
        await(begun);
        // when
        queue.stop();
        // then
        assertEquals(JobStatus.PENDING, info(id).status());
        assertEquals(0, jobs(JobStatus.PROCESSING));
        assertEquals(3, store.calls(LEAVE));
        queue.start();
        assertEquals(JobStatus.COMPLETED, finished(queue, id).status());
    }

    @Test
    void worksOnAnInterruptedThreadWhichKeepsItsFlag() throws Exception {
        // given: a store that serves no interrupted thread, and a claim whose answer was lost
        JobQueue queue = built(builder -> builder.handler(TYPE, job -> ran.add(job.text())));
        JobId id = submitted(queue, "a");
        store.plan(call -> Thread.currentThread().isInterrupted() ? Trouble.refused() : null);
        store.next(CLAIM, madeAndLost());
        queue.start();
        await(begun);
        // when
        Thread.currentThread().interrupt();
        queue.stop();
        // then
        assertTrue(Thread.interrupted());
        assertEquals(JobStatus.PENDING, info(id).status());
        assertEquals(1, store.calls(LEAVE));
    }

    @Test
    void endsThoughAHandlerNeverReturns() throws Exception {
        // given
        JobQueue queue = started(builder -> builder.shutdownGrace(Duration.ZERO).handler(TYPE, job -> {
            ran.add(job.text());
            if (job.attempt() == 1) {
                ignoring();
            }
        }));
        JobId id = submitted(queue, "a");
        await(begun);
        // when
        assertTimeoutPreemptively(Duration.ofSeconds(25), queue::stop);
        // then
        assertEquals(JobStatus.PENDING, info(id).status());
        assertEquals(0, info(id).failures());
        assertEquals(id, heard.await(HandlerStuck.class).jobId());
        // when it returns after all
        gate.countDown();
        // then
        assertEquals(id, heard.await(ResultRefused.class).jobId());
        assertEquals(JobStatus.PENDING, info(id).status());
        queue.start();
        assertEquals(2, finished(queue, id).attempt());
    }

    @Test
    void endsThoughAHandlerClosesItsOwnQueue() throws Exception {
        // given
        AtomicReference<JobQueue> own = new AtomicReference<>();
        CountDownLatch closed = new CountDownLatch(1);
        own.set(started(builder -> builder.shutdownGrace(Duration.ofMillis(50)).handler(TYPE, job -> {
            await(begun);
            own.get().close();
            closed.countDown();
        })));
        JobId id = submitted(own.get(), "a");
        begun.countDown();
        // when
        await(closed);
        // then: it can't wait for itself, so it gives its own job back
        assertEquals(QueueState.CLOSED, own.get().health().state());
        assertEquals(JobStatus.PENDING, info(id).status());
        assertEquals(0, jobs(JobStatus.PROCESSING));
        await(() -> engineThreads().isEmpty());
    }

    @Test
    void takesSubmitsWhileStoppedAndRunsThemAfterTheNextStart() throws Exception {
        // given
        Set<String> done = ConcurrentHashMap.newKeySet();
        JobQueue queue = started(builder -> builder.handler(TYPE, job -> assertTrue(done.add(job.text()))));
        for (int round = 0; round < 5; round++) {
            // when
            queue.stop();
            JobId id = submitted(queue, "round " + round);
            assertEquals(JobStatus.PENDING, info(id).status());
            queue.start();
            // then
            assertEquals(JobStatus.COMPLETED, finished(queue, id).status());
        }
        assertEquals(5, done.size());
    }

    @Test
    void endsEveryThread() throws Exception {
        // given
        JobQueue queue = started(builder ->
                builder.handler(TYPE, job -> ran.add(job.text()), options -> options.withTimeout(Duration.ofHours(1))));
        finished(queue, submitted(queue, "a"));
        assertFalse(engineThreads().isEmpty());
        // when
        queue.stop();
        // then
        await(() -> engineThreads().isEmpty());
    }

    @Test
    void doesNothingWhileTheQueueDoesNotRun() {
        // given
        JobQueue queue = built(builder -> builder.handler(TYPE, job -> {}));
        // when
        queue.stop();
        queue.start();
        queue.stop();
        queue.stop();
        queue.close();
        queue.close();
        queue.stop();
        // then
        assertEquals(QueueState.CLOSED, queue.health().state());
        assertEquals(1, heard.all(QueueStopped.class).size());
    }

    @Test
    void isNotUndoneByTheEndOfAnEarlierRun() throws Exception {
        // given: a claim that is under way as the queue stops; meanwhile a newer queue takes the place, and leaves it
        JobQueue queue = built(builder -> builder.handler(TYPE, job -> ran.add(job.text())));
        store.next(CLAIM, Trouble.before(() -> {
            begun.countDown();
            await(() -> gate.getCount() == 0);
        }));
        queue.start();
        await(begun);
        Thread restarting = meanwhile(() -> {
            queue.stop();
            queue.start();
        });
        waits(restarting);
        Node newer = Node.of("newer", new UUID(2, 2));
        StoreSession session = real.join(JoinRequest.of(newer, Duration.ofSeconds(6), () -> {})
                .replacing(queue.health().node()));
        session.close();
        // when
        gate.countDown();
        heard.await(NodeEnded.class);
        ended(restarting);
        await(() -> engineThreads().stream().noneMatch(name -> name.endsWith("-ended")));
        // then
        assertEquals(QueueState.RUNNING, queue.health().state());
        assertEquals(JobStatus.COMPLETED, finished(queue, submitted(queue, "a")).status());
    }

    @Test
    void saysThatANewerQueueHasItsPlace() throws Exception {
        // given
        JobQueue queue = started(builder -> builder.handler(TYPE, job -> {}));
        // when
        JobQueue newer = started(builder -> builder.nodeName("newer").handler(TYPE, job -> {}));
        submitted(queue, "a");
        // then
        await(() -> queue.health().state() == QueueState.SUPERSEDED);
        assertTrue(newer.awaitIdle(LONG));
        assertFalse(queue.health().healthy());
        assertThrows(QueueStateException.class, queue::start);
    }
}
