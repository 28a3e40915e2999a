package dev.jobqueue.core.work;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.never;

import dev.jobqueue.Codec;
import dev.jobqueue.JobContext;
import dev.jobqueue.JobHandler;
import dev.jobqueue.JobRequest;
import dev.jobqueue.JobType;
import dev.jobqueue.NonRetryableException;
import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.event.JobCompleted;
import dev.jobqueue.event.JobFailed;
import dev.jobqueue.event.JobReleased;
import dev.jobqueue.event.JobRetryScheduled;
import dev.jobqueue.event.JobSnoozed;
import dev.jobqueue.event.ResultRefused;
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
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.mockito.MockedStatic;
import org.slf4j.MDC;

class JobRunnerTest {
    @AfterEach
    void leaveNoInterrupt() {
        Thread.interrupted();
    }

    private static JobHandler throwing(Throwable thrown) {
        return job -> JobRunnerTest.<RuntimeException>sneak(thrown);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void completesAJobWhoseHandlerReturns() {
        // given
        OneWorker one = new OneWorker(job -> {});
        // when
        JobInfo job = one.ran(one.claimed("a"));
        // then
        assertEquals(JobStatus.COMPLETED, job.status());
        assertEquals(1, one.heard.only(JobCompleted.class).attempt());
        assertEquals(0, one.held.size());
    }

    @Test
    void measuresHowLongTheHandlerTook() {
        // given
        AtomicReference<OneWorker> one = new AtomicReference<>();
        one.set(new OneWorker(job -> one.get().platform.advance(Duration.ofSeconds(3))));
        // when
        one.get().ran(one.get().claimed("a"));
        // then
        assertEquals(
                Duration.ofSeconds(3), one.get().heard.only(JobCompleted.class).took());
    }

    @Nested
    class Failing {
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

    @Nested
    class Snoozing {
        @Test
        void runsTheJobAgainLaterAndCountsNoFailure() {
            // given
            OneWorker one = new OneWorker(job -> job.snooze(Duration.ofMinutes(5)));
            // when
            JobInfo job = one.ran(one.claimed("a"));
            // then
            assertEquals(JobStatus.PENDING, job.status());
            assertEquals(0, job.failures());
            assertEquals(1, job.attempt());
            assertEquals(one.platform.now().plus(Duration.ofMinutes(5)), job.runAt());
            assertEquals(job.runAt(), one.heard.only(JobSnoozed.class).runAt());
        }

        @Test
        void isOverruledByAnException() {
            // given
            OneWorker one = new OneWorker(job -> {
                job.snooze(Duration.ofMinutes(5));
                throw new IOException("disk full");
            });
            // when
            JobInfo job = one.ran(one.claimed("a"));
            // then
            assertEquals(1, job.failures());
            assertEquals(one.platform.now().plusSeconds(1), job.runAt());
        }

        @Test
        void refusesANegativeDelay() {
            // given
            OneWorker one = new OneWorker(job -> job.snooze(Duration.ofMillis(-1)));
            // when
            JobInfo job = one.ran(one.claimed("a"));
            // then
            assertTrue(job.error().orElseThrow().contains("snooze must be for zero or more, but was for PT-0.001S"));
        }
    }

    @Nested
    class Stopping {
        @Test
        void givesBackAJobWhoseHandlerFailsAsTheQueueStops() {
            // given
            AtomicReference<HeldJob> held = new AtomicReference<>();
            OneWorker one = new OneWorker(job -> {
                held.get().release();
                throw new InterruptedException();
            });
            held.set(one.claimed("a"));
            // when
            JobInfo job = one.ran(held.get());
            // then
            assertEquals(JobStatus.PENDING, job.status());
            assertEquals(0, job.failures());
            assertEquals(1, job.attempt());
            assertEquals(1, one.heard.all(JobReleased.class).size());
        }

        @Test
        void completesAJobWhoseHandlerReturnsAllTheSame() {
            // given
            AtomicReference<HeldJob> held = new AtomicReference<>();
            OneWorker one = new OneWorker(job -> held.get().release());
            held.set(one.claimed("a"));
            // then
            assertEquals(JobStatus.COMPLETED, one.ran(held.get()).status());
        }

        @Test
        void refusesTheResultOfAnAttemptThatHasEnded() {
            // given
            AtomicReference<HeldJob> held = new AtomicReference<>();
            OneWorker one = new OneWorker(job -> held.get().end());
            held.set(one.claimed("a"));
            // when
            JobInfo job = one.ran(held.get());
            // then
            assertEquals(JobStatus.PROCESSING, job.status());
            assertEquals("COMPLETE", one.heard.only(ResultRefused.class).tried());
        }

        @Test
        void runsNoHandlerOfAnAttemptThatHasEnded() {
            // given
            List<String> ran = new ArrayList<>();
            OneWorker one = new OneWorker(job -> ran.add(job.text()));
            HeldJob job = one.claimed("a");
            job.endUnlessBegun();
            // when
            one.ran(job);
            // then
            assertEquals(List.of(), ran);
        }

        @Test
        void refusesTheResultOfAJobThatWasCancelled() {
            // given
            AtomicReference<OneWorker> one = new AtomicReference<>();
            one.set(new OneWorker(job -> one.get().client.cancel(job.id())));
            // when
            JobInfo job = one.get().ran(one.get().claimed("a"));
            // then
            assertEquals(JobStatus.CANCELLED, job.status());
            assertEquals(1, one.get().heard.all(ResultRefused.class).size());
        }
    }

    @Nested
    class Interrupted {
        @Test
        void leavesNoInterruptToTheNextJob() {
            // given
            OneWorker one = new OneWorker(job -> Thread.currentThread().interrupt());
            // when
            one.ran(one.claimed("a"));
            // then
            assertFalse(Thread.currentThread().isInterrupted());
        }

        @Test
        void hidesAnInterruptThatCameBetweenTwoJobs() {
            // given: somebody kept the worker's thread, and interrupts it when the handler has returned
            List<Boolean> flags = new ArrayList<>();
            OneWorker one =
                    new OneWorker(job -> flags.add(Thread.currentThread().isInterrupted()));
            HeldJob job = one.claimed("a");
            Thread.currentThread().interrupt();
            // when
            one.ran(job);
            // then
            assertEquals(List.of(false), flags);
        }
    }

    @Nested
    class Context {
        @Test
        void showsTheJobToItsHandler() {
            // given
            AtomicReference<JobContext> seen = new AtomicReference<>();
            OneWorker one = new OneWorker(seen::set);
            // when
            HeldJob job = one.claimed("hello");
            one.ran(job);
            // then
            JobContext context = seen.get();
            assertEquals(job.info(), context.info());
            assertEquals(job.info().id(), context.id());
            assertEquals(SomeJobs.TYPE, context.type());
            assertEquals(1, context.attempt());
            assertEquals("hello", context.text());
            assertArrayEquals("hello".getBytes(StandardCharsets.UTF_8), context.payload());
            assertEquals(Map.of(), context.attributes());
            assertFalse(context.cancelled());
        }

        @Test
        void givesEachCallerAPayloadOfItsOwn() {
            // given
            OneWorker one = new OneWorker(job -> {
                job.payload()[0] = 0;
                assertEquals("hello", job.text());
            });
            // then
            assertEquals(JobStatus.COMPLETED, one.ran(one.claimed("hello")).status());
        }

        @Test
        void failsAJobForGoodWhosePayloadIsNoText() {
            // given
            OneWorker one = new OneWorker(JobContext::text);
            one.client.submit(JobRequest.of(SomeJobs.TYPE, new byte[] {(byte) 0xFF}));
            // when
            JobInfo job = one.ran(one.claimedAgain());
            // then
            assertEquals(JobStatus.FAILED, job.status());
            assertTrue(job.error().orElseThrow().contains("the payload of 1 bytes is no UTF-8 text"));
        }

        @Test
        void letsAHandlerSubmitFurtherJobs() {
            // given
            OneWorker one = new OneWorker(job -> job.client().submit(JobRequest.of("next", job.text())));
            // when
            one.ran(one.claimed("a"));
            // then
            assertEquals(1, one.client.counts(JobStatus.PENDING).get(0).jobs());
        }

        @Test
        void namesTheJobInTheLogWhileItsHandlerRuns() {
            try (MockedStatic<MDC> mdc = mockStatic(MDC.class)) {
                // given
                OneWorker one = new OneWorker(job -> {
                    mdc.verify(() -> MDC.put("jobId", job.id().toString()));
                    mdc.verify(() -> MDC.put("jobType", SomeJobs.TYPE));
                    mdc.verify(() -> MDC.put("attempt", "1"));
                    mdc.verify(MDC::clear, never());
                    throw new IOException();
                });
                // when
                JobInfo job = one.ran(one.claimed("a"));
                // then
                assertTrue(job.error().orElseThrow().startsWith("java.io.IOException"));
                mdc.verify(MDC::clear);
            }
        }
    }

    @Test
    void refusesAJobOfATypeThatWasNotAskedForBeforeItBegins() {
        // given
        OneWorker one = new OneWorker(job -> {});
        HeldJob odd = new HeldJob(SomeJobs.processing("a")
                .withInfo(JobInfo.builder(SomeJobs.pending("a").id(), "other", one.platform.now())
                        .build()
                        .claimed(SomeJobs.NODE, one.platform.now())));
        // then
        assertThrows(IllegalStateException.class, () -> one.runner.run(odd, one.worker));
        assertTrue(odd.isWaiting());
    }
}
