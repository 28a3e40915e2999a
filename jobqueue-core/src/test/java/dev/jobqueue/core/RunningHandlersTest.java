package dev.jobqueue.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.Codec;
import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.JobType;
import dev.jobqueue.NonRetryableException;
import dev.jobqueue.event.HandlerStuck;
import dev.jobqueue.event.HandlerTimedOut;
import dev.jobqueue.event.JobFailed;
import dev.jobqueue.event.JobRetryScheduled;
import dev.jobqueue.event.JobSnoozed;
import dev.jobqueue.event.ResultRefused;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a handler may do to itself, and never to others. */
class RunningHandlersTest extends RunningQueue {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);

    @Test
    void retriesAJobUntilItsFailuresAreTooMany() throws Exception {
        // given
        JobQueue queue = started(builder -> builder.handler(TYPE, job -> {
            throw new IOException("attempt " + job.attempt());
        }));
        // when
        JobInfo job = finished(queue, submitted(queue, "a"));
        // then
        assertEquals(JobStatus.FAILED, job.status());
        assertEquals(5, job.attempt());
        assertEquals(5, job.failures());
        assertTrue(job.error().orElseThrow().startsWith("java.io.IOException: attempt 5"));
        assertEquals(
                List.of(1, 2, 3, 4),
                heard.await(JobRetryScheduled.class, 4).stream()
                        .map(JobRetryScheduled::failures)
                        .toList());
        assertEquals(5, heard.await(JobFailed.class).failures());
    }

    @Test
    void runsAFailedJobAgainWhenAPersonSaysSo() throws Exception {
        // given
        AtomicInteger attempts = new AtomicInteger();
        JobQueue queue = started(builder -> builder.handler(TYPE, job -> {
            if (attempts.incrementAndGet() == 1) {
                throw new NonRetryableException("not yet");
            }
        }));
        JobId id = submitted(queue, "a");
        assertEquals(JobStatus.FAILED, finished(queue, id).status());
        // when
        assertTrue(queue.retry(id));
        // then
        JobInfo job = finished(queue, id);
        assertEquals(JobStatus.COMPLETED, job.status());
        assertEquals(2, job.attempt());
        assertEquals(0, job.failures());
    }

    @Test
    void runsASnoozedJobAgainAndCountsNoFailure() throws Exception {
        // given
        JobQueue queue = started(builder -> builder.handler(TYPE, job -> {
            if (job.attempt() < 8) {
                job.snooze(Duration.ofMillis(1));
            }
        }));
        // when
        JobInfo job = finished(queue, submitted(queue, "a"));
        // then
        assertEquals(JobStatus.COMPLETED, job.status());
        assertEquals(8, job.attempt());
        assertEquals(0, job.failures());
        assertEquals(7, heard.await(JobSnoozed.class, 7).size());
    }

    @Test
    void keepsItsWorkersWhateverHandlersThrow() throws Exception {
        // given: more throws than workers
        List<Throwable> thrown = List.of(
                new StackOverflowError(),
                new OutOfMemoryError("for the test"),
                new NoClassDefFoundError("gone"),
                new ThreadDeath(),
                new InterruptedException(),
                new Throwable("bare"),
                new RuntimeException() {
                    @Override
                    public String getMessage() {
                        throw new AssertionError("no message");
                    }
                });
        JobQueue queue = started(builder -> builder.retry(retry -> retry.withMaxFailures(1))
                .handler(TYPE, job -> sneak(thrown.get(Integer.parseInt(job.text()))))
                .handler("after", job -> {}));
        List<JobId> ids = new ArrayList<>();
        for (int i = 0; i < thrown.size(); i++) {
            ids.add(submitted(queue, Integer.toString(i)));
        }
        // then
        for (JobId id : ids) {
            assertEquals(JobStatus.FAILED, finished(queue, id).status());
        }
        for (int i = 0; i < 4; i++) {
            JobId after = queue.submit(JobRequest.of("after", "")).id();
            assertEquals(JobStatus.COMPLETED, finished(queue, after).status());
        }
        assertEquals(
                2,
                engineThreads().stream()
                        .filter(name -> name.contains("-worker-"))
                        .count());
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void disturbsNoOtherJobWhenAHandlerInterruptsItsThread() throws Exception {
        // given
        List<Boolean> interrupted = new CopyOnWriteArrayList<>();
        JobQueue queue = started(builder -> builder.workers(1).handler(TYPE, job -> {
            interrupted.add(Thread.currentThread().isInterrupted());
            Thread.currentThread().interrupt();
        }));
        // when
        for (int i = 0; i < 20; i++) {
            submitted(queue, "job " + i);
        }
        // then
        assertTrue(queue.awaitIdle(LONG));
        assertEquals(20, interrupted.size());
        assertFalse(interrupted.contains(true));
        assertEquals(20, jobs(JobStatus.COMPLETED));
    }

    @Test
    void keepsAJobWhosePayloadItsCodecCannotRead() throws Exception {
        // given
        JobType<Integer> number = JobType.of("number", new Codec<>() {
            @Override
            public byte[] encode(Integer value) {
                return value.toString().getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public Integer decode(byte[] payload) {
                return Integer.valueOf(new String(payload, StandardCharsets.UTF_8));
            }
        });
        List<Integer> seen = new CopyOnWriteArrayList<>();
        JobQueue queue = started(builder -> builder.handler(number, (job, value) -> seen.add(value)));
        // when
        JobId good = queue.submit(number.of(42)).id();
        JobId bad = queue.submit(JobRequest.of("number", "many")).id();
        // then
        assertEquals(JobStatus.COMPLETED, finished(queue, good).status());
        assertEquals(List.of(42), seen);
        JobInfo kept = finished(queue, bad);
        assertEquals(JobStatus.FAILED, kept.status());
        assertEquals(1, kept.attempt());
        assertTrue(kept.error().orElseThrow().contains("the codec of type number can't read the payload of 4 bytes"));
    }

    @Test
    void handlesJobsOfOlderNamesOfAType() throws Exception {
        // given
        List<String> types = new CopyOnWriteArrayList<>();
        JobQueue queue = started(builder -> builder.handler(
                "email", job -> types.add(job.type()), options -> options.withAliases("mail", "letter")));
        // when
        for (String type : List.of("letter", "mail", "email")) {
            finished(queue, queue.submit(JobRequest.of(type, "")).id());
        }
        // then
        assertEquals(List.of("letter", "mail", "email"), types);
    }

    @Test
    void letsAHandlerSubmitAndAwaitFurtherJobs() throws Exception {
        // given
        JobQueue queue = started(builder -> builder.handler(TYPE, job -> {
                    JobId next = job.client()
                            .submit(JobRequest.of("next", job.text())
                                    .withAttribute("by", job.id().toString()))
                            .id();
                    assertEquals(
                            JobStatus.COMPLETED,
                            job.client().await(next, LONG).orElseThrow().status());
                })
                .handler("next", job -> assertFalse(job.attributes().isEmpty())));
        // when
        JobId id = submitted(queue, "a");
        // then
        assertEquals(JobStatus.COMPLETED, finished(queue, id).status());
        assertEquals(2, jobs(JobStatus.COMPLETED));
        assertEquals(Map.of(), info(id).attributes());
    }

    @Test
    void failsAnAttemptThatTakesTooLongAndTriesItAgain() throws Exception {
        // given
        JobQueue queue = started(builder -> builder.handler(
                TYPE,
                job -> {
                    if (job.attempt() == 1) {
                        await(gate);
                    }
                },
                options -> options.withTimeout(Duration.ofMillis(50))));
        // when
        JobId id = submitted(queue, "a");
        // then
        JobInfo job = finished(queue, id);
        assertEquals(JobStatus.COMPLETED, job.status());
        assertEquals(2, job.attempt());
        assertEquals(1, job.failures());
        assertEquals(1, heard.await(HandlerTimedOut.class).attempt());
        assertEquals(1, heard.await(ResultRefused.class).attempt());
        assertEquals(List.of(), heard.all(HandlerStuck.class));
    }

    @Test
    void replacesAWorkerWhoseHandlerDoesNotHeedItsTimeout() throws Exception {
        // given
        JobQueue queue = started(builder -> builder.workers(1)
                .handler(
                        TYPE,
                        job -> {
                            begun.countDown();
                            await(() -> gate.getCount() == 0);
                        },
                        options ->
                                options.withTimeout(Duration.ofMillis(50)).withRetry(retry -> retry.withMaxFailures(1)))
                .handler("other", job -> {}));
        // when
        JobId stuck = submitted(queue, "a");
        await(begun);
        JobId other = queue.submit(JobRequest.of("other", "")).id();
        // then
        assertEquals(JobStatus.FAILED, finished(queue, stuck).status());
        assertEquals(stuck, heard.await(HandlerStuck.class).jobId());
        assertEquals(JobStatus.COMPLETED, finished(queue, other).status());
        assertEquals(1, queue.health().stuck());
        assertFalse(queue.health().healthy());
        // when it returns after all
        gate.countDown();
        // then
        assertEquals(stuck, heard.await(ResultRefused.class).jobId());
        await(() -> queue.health().stuck() == 0);
        await(() -> engineThreads().stream()
                        .filter(name -> name.contains("-worker-"))
                        .count()
                == 1);
        JobId last = queue.submit(JobRequest.of("other", "")).id();
        assertEquals(JobStatus.COMPLETED, finished(queue, last).status());
        await(() -> queue.health().busy() == 0);
    }

    @Test
    void runsNoJobOfATypeWithoutAHandler() throws Exception {
        // given
        JobQueue queue = started(builder -> builder.handler(TYPE, job -> {}));
        JobId unknown =
                queue.submit(JobRequest.of("unknown", "").withPriority(0)).id();
        // when
        finished(queue, submitted(queue, "a"));
        // then
        assertEquals(JobStatus.PENDING, info(unknown).status());
        assertEquals(0, info(unknown).attempt());
    }
}
