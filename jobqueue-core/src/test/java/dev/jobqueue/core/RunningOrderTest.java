package dev.jobqueue.core;

import static dev.jobqueue.core.given.UnreliableStore.Call.CLAIM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobClient;
import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.Submission;
import dev.jobqueue.core.given.Trouble;
import dev.jobqueue.event.HandlerCancelled;
import dev.jobqueue.event.ResultRefused;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which job runs when; and that cancelled ones do not. */
class RunningOrderTest extends RunningQueue {
    private final List<String> ran = new CopyOnWriteArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);

    private void submit(JobQueue queue, String text, int priority, String line) {
        queue.submit(JobRequest.of(TYPE, text).withPriority(priority).withQueue(line));
    }

    @Test
    void runsTheUrgentFirstAndEqualsAsTheyCame() throws Exception {
        // given
        JobQueue queue = built(builder -> builder.workers(1).handler(TYPE, job -> ran.add(job.text())));
        submit(queue, "last", 9, "default");
        submit(queue, "second", 3, "default");
        submit(queue, "third", 3, "default");
        submit(queue, "first", 0, "default");
        // when
        queue.start();
        // then
        assertTrue(queue.awaitIdle(LONG));
        assertEquals(List.of("first", "second", "third", "last"), ran);
    }

    @Test
    void servesItsQueuesInOrder() throws Exception {
        // given
        JobQueue queue = built(
                builder -> builder.workers(1).queues("urgent", "default").handler(TYPE, job -> ran.add(job.text())));
        submit(queue, "normal", 0, "default");
        submit(queue, "urgent", 9, "urgent");
        submit(queue, "elsewhere", 0, "elsewhere");
        // when
        queue.start();
        // then
        assertTrue(queue.awaitIdle(LONG));
        assertEquals(List.of("urgent", "normal"), ran);
    }

    @Test
    void runsDelayedJobsOnTime() throws Exception {
        // given
        JobQueue queue = started(builder ->
                builder.workers(1).pollInterval(Duration.ofHours(1)).handler(TYPE, job -> ran.add(job.text())));
        Instant now = Instant.now();
        // when
        List<JobRequest> requests = Stream.of(300, 100, 200)
                .map(delay -> JobRequest.of(TYPE, delay + " ms").withRunAt(now.plusMillis(delay)))
                .toList();
        List<Submission> submissions = queue.submitAll(requests);
        // then
        assertTrue(queue.awaitIdle(LONG));
        assertEquals(List.of("100 ms", "200 ms", "300 ms"), ran);
        for (Submission submission : submissions) {
            JobInfo job = info(submission.id());
            assertFalse(job.finishedAt().orElseThrow().isBefore(job.runAt()));
        }
    }

    @Test
    void runsWhatIsSubmittedAtOnceHoweverRarelyItPolls() throws Exception {
        // given
        JobQueue queue =
                started(builder -> builder.pollInterval(Duration.ofHours(1)).handler(TYPE, job -> ran.add(job.text())));
        assertTrue(queue.awaitIdle(LONG));
        // then
        for (int i = 0; i < 100; i++) {
            finished(queue, submitted(queue, "job " + i));
        }
        assertEquals(100, ran.size());
    }

    @Test
    void fillsAllWorkersThoughTheDeliveryQueueIsSmall() throws Exception {
        // given: jobs that all wait for each other
        CountDownLatch together = new CountDownLatch(30);
        JobQueue queue =
                started(builder -> builder.workers(30).deliveryCapacity(1).handler(TYPE, job -> {
                    together.countDown();
                    await(gate);
                }));
        // when
        for (int i = 0; i < 30; i++) {
            submitted(queue, "job " + i);
        }
        // then
        await(together);
        gate.countDown();
        assertTrue(queue.awaitIdle(LONG));
    }

    @Test
    void neverRunsAJobThatWasCancelledBefore() throws Exception {
        // given
        JobQueue queue = built(builder -> builder.handler(TYPE, job -> ran.add(job.text())));
        JobId id = submitted(queue, "a");
        // when
        assertTrue(queue.cancel(id));
        queue.start();
        // then
        assertTrue(queue.awaitIdle(LONG));
        assertEquals(List.of(), ran);
        assertEquals(JobStatus.CANCELLED, info(id).status());
    }

    @Test
    void neverRunsAJobThatWasCancelledWhileItWaitedForAWorker() throws Exception {
        // given
        JobQueue queue = started(builder -> builder.workers(1).handler(TYPE, job -> {
            ran.add(job.text());
            begun.countDown();
            await(gate);
        }));
        submitted(queue, "first");
        await(begun);
        JobId second = submitted(queue, "second");
        await(() ->
                info(second).status() == JobStatus.PROCESSING && queue.health().delivered() == 1);
        // when
        assertTrue(queue.cancel(second));
        gate.countDown();
        // then
        assertTrue(queue.awaitIdle(LONG));
        queue.stop();
        assertEquals(List.of("first"), ran);
        assertEquals(List.of(), heard.all(ResultRefused.class));
    }

    @Test
    void stopsTheHandlerOfACancelledJob() throws Exception {
        // given
        CountDownLatch told = new CountDownLatch(1);
        JobQueue queue = started(builder -> builder.handler(TYPE, job -> {
            begun.countDown();
            try {
                gate.await();
            } catch (InterruptedException e) {
                assertTrue(job.cancelled());
                told.countDown();
                throw e;
            }
        }));
        JobId id = submitted(queue, "a");
        await(begun);
        // when
        assertTrue(queue.cancel(id));
        // then
        await(told);
        assertEquals(JobStatus.CANCELLED, finished(queue, id).status());
        assertEquals(id, heard.await(HandlerCancelled.class).jobId());
        assertEquals(id, heard.await(ResultRefused.class).jobId());
        assertEquals(1, info(id).attempt());
    }

    @Test
    void stopsTheHandlerOfAJobThatWasCancelledByAnother() throws Exception {
        // given: a client that knows nothing of the queue
        JobQueue queue = started(builder -> builder.handler(TYPE, job -> {
            begun.countDown();
            await(gate);
        }));
        JobId id = submitted(queue, "a");
        await(begun);
        // when
        assertTrue(JobClient.over(real).cancel(id));
        // then
        assertEquals(id, heard.await(HandlerCancelled.class).jobId());
        assertEquals(id, heard.await(ResultRefused.class).jobId());
    }

    @Test
    void runsAllThatIsSubmittedWhileClaimsAreSlow() throws Exception {
        // given
        store.always(CLAIM, Trouble.after(Thread::yield));
        JobQueue queue = started(builder -> builder.workers(4)
                .deliveryCapacity(3)
                .pollInterval(Duration.ofHours(1))
                .handler(TYPE, job -> ran.add(job.text())));
        List<Thread> submitters = new ArrayList<>();
        // when
        for (int i = 0; i < 4; i++) {
            submitters.add(meanwhile(() -> {
                for (int j = 0; j < 250; j++) {
                    submitted(queue, "job");
                }
            }));
        }
        for (Thread submitter : submitters) {
            ended(submitter);
        }
        // then
        assertTrue(queue.awaitIdle(LONG));
        assertEquals(1_000, ran.size());
        assertEquals(1_000, jobs(JobStatus.COMPLETED));
    }
}
