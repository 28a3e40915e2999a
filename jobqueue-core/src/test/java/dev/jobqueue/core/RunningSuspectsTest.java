package dev.jobqueue.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.event.SuspectRunsAlone;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.StoreSession;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A whole queue, in whose store are jobs that crashed twice. */
class RunningSuspectsTest extends RunningQueue {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);

    /** Crashed twice with a node that is no more. */
    private List<JobId> suspects(int number, Instant due) {
        List<Job> jobs = IntStream.range(0, number)
                .mapToObj(i -> SomeJobs.pending("suspect " + i, due))
                .toList();
        real.insert(jobs);
        StoreSession earlier = real.join(JoinRequest.of(SomeJobs.NODE, Duration.ofSeconds(6), () -> {}));
        ClaimSlot slot = ClaimSlot.of("default", Set.of(TYPE), number);
        for (int crash = 1; crash <= 2; crash++) {
            real.apply(earlier.claim(ClaimRequest.of(due, number, List.of(slot))).jobs().stream()
                    .map(job -> Change.recover(job.info(), Instant.now()))
                    .toList());
        }
        return jobs.stream().map(Job::id).toList();
    }

    @Test
    void runsEachWhileNoOtherHandlerRuns() throws Exception {
        // given
        List<JobId> suspects = suspects(5, Instant.now());
        AtomicInteger running = new AtomicInteger();
        AtomicInteger inCompany = new AtomicInteger();
        JobQueue queue = built(builder -> builder.workers(8).handler(TYPE, job -> {
            boolean alone = running.incrementAndGet() == 1;
            if (job.info().suspect() && !alone) {
                inCompany.incrementAndGet();
            }
            Thread.yield();
            if (job.info().suspect() && running.get() > 1) {
                inCompany.incrementAndGet();
            }
            running.decrementAndGet();
        }));
        IntStream.range(0, 300).forEach(i -> submitted(queue, "other " + i));
        // when
        queue.start();
        // then
        assertTrue(queue.awaitIdle(LONG));
        assertEquals(305, jobs(JobStatus.COMPLETED));
        assertEquals(0, inCompany.get());
        assertEquals(5, heard.await(SuspectRunsAlone.class, 5).size());
        for (JobId suspect : suspects) {
            assertEquals(0, info(suspect).crashes());
            assertEquals(Set.of(), info(suspect).attributes().keySet());
        }
    }

    /** The suspect is back in the store then, unharmed. */
    @Test
    void isStoppedWhileASuspectWaits() throws Exception {
        // given: a handler that has begun when the suspect becomes due, which waits for its end
        JobId suspect = suspects(1, Instant.now().plusSeconds(3_600)).get(0);
        JobQueue queue = started(builder -> builder.shutdownGrace(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .handler(TYPE, job -> {})
                .handler("long", job -> {
                    begun.countDown();
                    await(gate);
                }));
        queue.submit(JobRequest.of("long", ""));
        await(begun);
        real.apply(List.of(Change.amend(info(suspect), Instant.now()).withRunAt(Instant.now())));
        await(() -> info(suspect).status() == JobStatus.PROCESSING);
        // when
        queue.stop();
        // then
        assertEquals(JobStatus.PENDING, info(suspect).status());
        assertEquals(2, info(suspect).crashes());
        assertEquals(0, jobs(JobStatus.PROCESSING));
        assertEquals(List.of(), heard.all(SuspectRunsAlone.class));
    }
}
