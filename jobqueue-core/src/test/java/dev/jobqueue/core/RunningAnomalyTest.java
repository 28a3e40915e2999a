package dev.jobqueue.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.jobqueue.JobContext;
import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.core.given.HeardEvents;
import dev.jobqueue.core.given.Trouble;
import dev.jobqueue.core.given.UnreliableStore;
import dev.jobqueue.event.DutyFailed;
import dev.jobqueue.event.ResultRefused;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobCount;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The anomaly loop: the first call to the store fails, then, from the start, the second, until none fails any more. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RunningAnomalyTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    /** One run of the scenario, over a store of its own. */
    private static final class Scenario {
        final MemoryJobStore real;
        final UnreliableStore store;
        final HeardEvents heard = new HeardEvents();
        final Set<String> ran = ConcurrentHashMap.newKeySet();
        final List<String> ranTwice = new ArrayList<>();

        /** @param real empty: one that admits one node, or many */
        Scenario(MemoryJobStore real) {
            this.real = real;
            this.store = new UnreliableStore(real);
        }

        JobQueue built(int workers) {
            return JobQueue.builder()
                    .store(store)
                    .nodeName("node")
                    .workers(workers)
                    .listener(heard)
                    .retry(retry -> retry.withMaxFailures(2).withFirstDelay(Duration.ofMillis(1)))
                    .handler("good", this::ran)
                    .handler("bad", job -> {
                        ran(job);
                        throw new IOException("for the test");
                    })
                    .handler("patient", job -> {
                        ran(job);
                        if (job.attempt() == 1) {
                            job.snooze(Duration.ofMillis(1));
                        }
                    })
                    .build();
        }

        private void ran(JobContext job) {
            if (!ran.add(job.id() + " at attempt " + job.attempt())) {
                synchronized (ranTwice) {
                    ranTwice.add(job.id() + " at attempt " + job.attempt());
                }
            }
        }

        /** A read may fail as the store does; whoever reads asks again. */
        void idle(JobQueue queue) throws InterruptedException {
            long end = System.nanoTime() + LONG.toNanos();
            while (System.nanoTime() - end < 0) {
                try {
                    assertTrue(queue.awaitIdle(LONG), "never idle");
                    return;
                } catch (StoreException e) {
                    Thread.yield();
                }
            }
            fail("never idle");
        }

        long jobs(JobStatus status) {
            return real.counts(Set.of(status)).stream()
                    .mapToLong(JobCount::jobs)
                    .sum();
        }

        void nothingIsProcessing() {
            assertEquals(0, jobs(JobStatus.PROCESSING), "PROCESSING after stop()");
        }

        /** Submit, work, stop, build, work. */
        void run() throws InterruptedException {
            try (JobQueue queue = built(2)) {
                queue.submitAll(List.of(JobRequest.of("good", "a"), JobRequest.of("bad", "b")));
                queue.start();
                queue.submit(JobRequest.of("patient", "c"));
                idle(queue);
                queue.submit(JobRequest.of("good", "d"));
                queue.stop();
                nothingIsProcessing();
                queue.submit(JobRequest.of("good", "e").withId(JobId.of("own")));
            }
            try (JobQueue queue = built(1)) {
                queue.submit(JobRequest.of("good", "e").withId(JobId.of("own")));
                queue.start();
                idle(queue);
            }
        }

        void check() {
            nothingIsProcessing();
            assertEquals(0, jobs(JobStatus.PENDING));
            assertEquals(4, jobs(JobStatus.COMPLETED));
            assertEquals(1, jobs(JobStatus.FAILED));
            assertEquals(List.of(), ranTwice);
            assertEquals(List.of(), heard.all(ResultRefused.class));
            assertEquals(List.of(), heard.all(DutyFailed.class));
        }
    }

    private static void failEachCallOnce(boolean shared, Trouble trouble) throws InterruptedException {
        for (int failing = 1; ; failing++) {
            int nth = failing;
            AtomicInteger calls = new AtomicInteger();
            List<UnreliableStore.Call> failed = new ArrayList<>();
            Scenario scenario = new Scenario(shared ? MemoryJobStore.shared() : MemoryJobStore.create());
            scenario.store.plan(call -> {
                if (calls.incrementAndGet() == nth) {
                    failed.add(call);
                    return trouble;
                }
                return null;
            });
            try {
                scenario.run();
                scenario.check();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("when call " + nth + " failed, " + failed + ": " + scenario.heard, e);
            }
            if (failed.isEmpty()) {
                assertTrue(nth > 15, "the scenario makes calls");
                return;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void survivesEachCallThatIsNotMade(boolean shared) throws Exception {
        failEachCallOnce(shared, Trouble.refused());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void survivesEachAnswerThatIsLost(boolean shared) throws Exception {
        failEachCallOnce(shared, Trouble.answerLost());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void survivesEachCallOfWhichNobodyKnows(boolean shared) throws Exception {
        failEachCallOnce(shared, Trouble.lost());
    }

    @Test
    void losesNoJobThoughEveryTenthAnswerIsLost() throws Exception {
        // given
        Scenario scenario = new Scenario(MemoryJobStore.create());
        SplittableRandom random = new SplittableRandom(4711);
        scenario.store.plan(call -> {
            synchronized (random) {
                return random.nextInt(10) == 0 ? Trouble.answerLost() : null;
            }
        });
        // when
        try (JobQueue queue = scenario.built(4)) {
            queue.start();
            for (int i = 0; i < 400; i++) {
                queue.submit(JobRequest.of(i % 20 == 0 ? "patient" : "good", "job " + i));
            }
            scenario.idle(queue);
        }
        // then
        scenario.nothingIsProcessing();
        assertEquals(400, scenario.jobs(JobStatus.COMPLETED));
        assertEquals(List.of(), scenario.ranTwice);
        assertEquals(List.of(), scenario.heard.all(ResultRefused.class));
    }
}
