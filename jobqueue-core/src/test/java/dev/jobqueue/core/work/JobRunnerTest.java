package dev.jobqueue.core.work;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.never;

import dev.jobqueue.JobContext;
import dev.jobqueue.JobRequest;
import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.event.JobCompleted;
import dev.jobqueue.event.JobReleased;
import dev.jobqueue.event.JobSnoozed;
import dev.jobqueue.event.ResultRefused;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import java.io.IOException;
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
        assertThrows(IllegalStateException.class, () -> one.runner.run(odd));
        assertTrue(odd.endUnlessBegun());
    }
}
