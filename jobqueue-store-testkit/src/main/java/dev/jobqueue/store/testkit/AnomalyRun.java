package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobStatus.COMPLETED;
import static dev.jobqueue.job.JobStatus.FAILED;
import static dev.jobqueue.job.JobStatus.PROCESSING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.RecoveryException;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** One run of the anomaly loop: submit, work, stop, submit, build again, work; then the invariants are checked. */
final class AnomalyRun {
    /** Its handler returns at once. */
    private static final String PLAIN = "plain";
    /** Its handler fails once, and then returns. */
    private static final String FLAKY = "flaky";
    /** Its handler always fails. */
    private static final String HOPELESS = "hopeless";

    private final FaultyStore store;
    private final JobStore real;
    private final FaultyStore.Fault fault;
    private final Duration patience;
    private final Supplier<String> situation;
    private final Map<JobId, String> accepted = new HashMap<>();
    private final Map<JobId, Integer> runs = new ConcurrentHashMap<>();

    AnomalyRun(
            FaultyStore store, JobStore real, FaultyStore.Fault fault, Duration patience, Supplier<String> situation) {
        this.store = store;
        this.real = real;
        this.fault = fault;
        this.patience = patience;
        this.situation = situation;
    }

    void run() throws Exception {
        try (JobQueue queue = insisted(this::build)) {
            submit(queue, PLAIN, FLAKY, HOPELESS);
            start(queue);
            submit(queue, PLAIN, PLAIN, FLAKY);
            awaitIdle(queue);
            queue.stop();
            assertNoneProcessing();
            submit(queue, PLAIN, FLAKY);
        }
        assertNoneProcessing();
        try (JobQueue queue = insisted(this::build)) {
            start(queue);
            submit(queue, PLAIN);
            awaitIdle(queue);
        }
        assertNoneProcessing();
        assertEveryJobIsFinal();
        accepted.forEach(this::assertRuns);
    }

    private JobQueue build() {
        return JobQueue.builder()
                .store(store)
                .nodeName("anomaly")
                .workers(2)
                .pollInterval(Duration.ofMillis(20))
                .retry(retry -> retry.withMaxFailures(2).withFirstDelay(Duration.ofMillis(1)))
                .handler(PLAIN, job -> count(job.id()))
                .handler(FLAKY, job -> failUnless(count(job.id()) > 1))
                .handler(HOPELESS, job -> failUnless(count(job.id()) < 0))
                .build();
    }

    private int count(JobId id) {
        return runs.merge(id, 1, Integer::sum);
    }

    private static void failUnless(boolean fine) {
        if (!fine) {
            throw new IllegalStateException("as this handler was told to");
        }
    }

    private void submit(JobQueue queue, String... types) {
        for (String type : types) {
            accepted.put(queue.submit(JobRequest.of(type, "payload")).id(), type);
        }
    }

    private void start(JobQueue queue) throws Exception {
        insisted(() -> {
            queue.start();
            return queue;
        });
    }

    private void awaitIdle(JobQueue queue) throws Exception {
        assertTrue(
                insisted(() -> queue.awaitIdle(patience)), () -> "the queue was not idle in time: " + situation.get());
    }

    /** What a host does when the store is away: it tries once more. One call fails, so the second try must do. */
    private static <T> T insisted(Callable<T> call) throws Exception {
        try {
            return call.call();
        } catch (StoreException | RecoveryException once) {
            return call.call();
        }
    }

    private void assertNoneProcessing() {
        assertEquals(
                List.of(),
                listed(JobFilter.any().withStatuses(Set.of(PROCESSING))),
                () -> "PROCESSING although the queue has stopped: " + situation.get());
    }

    private void assertEveryJobIsFinal() {
        List<JobInfo> jobs = listed(JobFilter.any());
        Set<JobId> ids = new HashSet<>();
        jobs.forEach(job -> ids.add(job.id()));
        assertEquals(accepted.keySet(), ids, () -> "jobs in the store: " + situation.get());
        jobs.forEach(job -> assertEquals(
                HOPELESS.equals(job.type()) ? FAILED : COMPLETED, job.status(), () -> job + ": " + situation.get()));
    }

    private void assertRuns(JobId id, String type) {
        int expected = PLAIN.equals(type) ? 1 : 2;
        int actual = runs.getOrDefault(id, 0);
        assertTrue(
                fault == FaultyStore.Fault.ANSWER_LOST ? actual >= expected : actual == expected,
                () -> "a job of type " + type + " ran " + actual + " times: " + situation.get());
    }

    private List<JobInfo> listed(JobFilter filter) {
        List<JobInfo> jobs = new ArrayList<>();
        JobPage page = real.list(JobQuery.of(filter));
        jobs.addAll(page.jobs());
        while (page.next().isPresent()) {
            page = real.list(JobQuery.of(filter).after(page.next().get()));
            jobs.addAll(page.jobs());
        }
        return jobs;
    }
}
