package dev.jobqueue.store.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.jobqueue.JobQueue;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobQueueException;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The anomaly loop: a whole queue over the store, of whose calls the first fails, and again from the start, of whose calls
 * the second fails, and so on, until none fails any more. After each run the invariants must hold.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
abstract class AnomalyClauses extends Clauses {
    /** A run makes some dozens of calls; one that makes so many never ends. */
    private static final int MOST_CALLS = 2_000;

    AnomalyClauses(JobStoreContract contract) {
        super(contract);
    }

    @BeforeEach
    void onlyWithAnEngineThatTakesTheStore() {
        try {
            JobQueue.builder();
        } catch (JobQueueException none) {
            abort(() -> "without an engine no queue can be run over the store: " + none.getMessage());
        }
    }

    @Test
    void survivesEveryCallThatIsRefused() throws Exception {
        failEachCallOnce(FaultyStore.Fault.REFUSED);
    }

    @Test
    void survivesEveryAnswerThatIsLost() throws Exception {
        failEachCallOnce(FaultyStore.Fault.ANSWER_LOST);
    }

    private void failEachCallOnce(FaultyStore.Fault fault) throws Exception {
        try (JobStore real = openWithTheSystemsTime()) {
            for (int call = 1; ; call++) {
                assertTrue(call <= MOST_CALLS, "the scenario never ends");
                FaultyStore faulty = FaultyStore.over(real);
                faulty.failCall(call, fault);
                int failing = call;
                AnomalyRun run = new AnomalyRun(
                        faulty,
                        real,
                        fault,
                        patience(),
                        () -> "call " + failing + ", " + faulty.failedCall().orElse("which never came") + ", was "
                                + fault);
                run.run();
                if (faulty.failedCall().isEmpty()) {
                    return;
                }
                removeAll(real);
            }
        }
    }

    /** The engine goes by the system's clock here, and warns of a store whose time is another. */
    private JobStore openWithTheSystemsTime() {
        store.close();
        return contract.open(MovableClock.startingAt(Instant.now()));
    }

    /** Every run begins with an empty store. */
    private static void removeAll(JobStore real) {
        JobQuery all = JobQuery.of(JobFilter.any());
        for (List<JobInfo> jobs = real.list(all).jobs();
                !jobs.isEmpty();
                jobs = real.list(all).jobs()) {
            assertEquals(
                    jobs.size(),
                    real.apply(jobs.stream().map(Change::remove).toList()).stream()
                            .filter(outcome -> outcome.isApplied())
                            .count());
        }
    }
}
