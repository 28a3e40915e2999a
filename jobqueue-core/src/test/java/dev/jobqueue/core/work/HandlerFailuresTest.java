package dev.jobqueue.core.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.Codec;
import dev.jobqueue.JobHandler;
import dev.jobqueue.JobType;
import dev.jobqueue.NonRetryableException;
import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.event.JobFailed;
import dev.jobqueue.event.JobRetryScheduled;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobLimits;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.option.HandlerOptions;
import dev.jobqueue.option.RetryPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of a job whose handler throws. */
class HandlerFailuresTest {
    private static JobHandler throwing(Throwable thrown) {
        return job -> HandlerFailuresTest.<RuntimeException>sneak(thrown);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void schedulesARetryLaterEachTime() {
        // given
        OneWorker one = new OneWorker(throwing(new IOException("disk full")));
        List<Duration> delays = new ArrayList<>();
        JobInfo job = one.ran(one.claimed("a"));
        // when
        while (job.status() == JobStatus.PENDING) {
            Duration delay = Duration.between(one.platform.now(), job.runAt());
            delays.add(delay);
            one.platform.advance(delay);
            job = one.ran(one.claimedAgain());
        }
        // then
        assertEquals(
                List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(8)),
                delays);
        assertEquals(JobStatus.FAILED, job.status());
        assertEquals(5, job.failures());
        assertEquals(4, one.heard.all(JobRetryScheduled.class).size());
        assertEquals(5, one.heard.only(JobFailed.class).failures());
        assertTrue(job.error().orElseThrow().startsWith("java.io.IOException: disk full"));
    }

    @Test
    void neverRetriesWhatIsNotRetryable() {
        // given
        OneWorker one = new OneWorker(throwing(new NonRetryableException("no such customer")));
        // when
        JobInfo job = one.ran(one.claimed("a"));
        // then
        assertEquals(JobStatus.FAILED, job.status());
        assertEquals(1, job.failures());
        assertTrue(job.error().orElseThrow().contains("no such customer"));
    }

    @Test
    void retriesUntilTheYear9999AtTheLatest() {
        // given: a delay that leads beyond
        OneWorker one = new OneWorker(job -> {
            job.snooze(Duration.ofSeconds(Long.MAX_VALUE));
        });
        // when
        JobInfo job = one.ran(one.claimed("a"));
        // then
        assertEquals(JobLimits.NEVER, job.runAt());
    }

    @Test
    void countsWhateverIsThrownAsAFailure() {
        // given
        List<Throwable> all = List.of(
                new IOException("checked"),
                new StackOverflowError(),
                new OutOfMemoryError("for the test"),
                new AssertionError("wrong"),
                new NoClassDefFoundError("gone"),
                new InterruptedException("without reason"),
                new Throwable("bare"));
        for (Throwable thrown : all) {
            OneWorker one = new OneWorker(throwing(thrown));
            // when
            JobInfo job = one.ran(one.claimed("a"));
            // then
            assertEquals(JobStatus.PENDING, job.status(), thrown::toString);
            assertEquals(1, job.failures());
            assertTrue(job.error().orElseThrow().startsWith(thrown.toString()));
        }
    }

    @Test
    void findsSomethingToSayOfAnExceptionThatCannotTell() {
        // given
        List<Throwable> all = List.of(
                new RuntimeException() {
                    @Override
                    public String getMessage() {
                        throw new IllegalStateException("no message");
                    }
                },
                new RuntimeException() {
                    @Override
                    public String toString() {
                        throw new StackOverflowError();
                    }
                },
                new RuntimeException() {
                    @Override
                    public void printStackTrace(PrintWriter writer) {
                        throw new AssertionError("no trace");
                    }
                },
                new RuntimeException() {
                    @Override
                    public void printStackTrace(PrintWriter writer) {
                        throw new OutOfMemoryError("for the test");
                    }
                });
        for (Throwable thrown : all) {
            OneWorker one = new OneWorker(throwing(thrown));
            // when
            JobInfo job = one.ran(one.claimed("a"));
            // then
            assertEquals(JobStatus.PENDING, job.status());
            assertTrue(job.error().orElseThrow().contains("whose own text can't be had"), job.error()::toString);
        }
    }

    @Test
    void keepsAnErrorThatEveryStoreCanHold() {
        // given
        OneWorker one = new OneWorker(throwing(new IllegalStateException("nul \0 and " + "x".repeat(10_000))));
        // when
        JobInfo job = one.ran(one.claimed("a"));
        // then
        assertEquals(4_000, job.error().orElseThrow().length());
        assertFalse(job.error().orElseThrow().contains("\0"));
    }

    @Test
    void keepsAJobWhosePayloadItsCodecCannotRead() {
        // given
        Codec<Integer> codec = new Codec<>() {
            @Override
            public byte[] encode(Integer value) {
                return value.toString().getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public Integer decode(byte[] payload) {
                return Integer.valueOf(new String(payload, StandardCharsets.UTF_8));
            }
        };
        JobType<Integer> type = JobType.of(SomeJobs.TYPE, codec);
        OneWorker one = new OneWorker(Handler.typed(type, (job, number) -> {}));
        // when
        JobInfo job = one.ran(one.claimed("no number"));
        // then
        assertEquals(JobStatus.FAILED, job.status());
        assertTrue(
                job.error()
                        .orElseThrow()
                        .contains("the codec of type count can't read the payload of 9 bytes: For input string"),
                job.error()::toString);
        assertEquals(9, one.store.find(job.id()).orElseThrow().payload().length);
    }

    @Test
    void followsTheRetryPolicyOfItsHandler() {
        // given
        OneWorker one = new OneWorker(
                throwing(new IOException()),
                HandlerOptions.defaults(),
                RetryPolicy.defaults().withMaxFailures(1));
        // then
        assertEquals(JobStatus.FAILED, one.ran(one.claimed("a")).status());
    }
}
