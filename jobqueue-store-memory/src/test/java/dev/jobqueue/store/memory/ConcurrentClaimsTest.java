package dev.jobqueue.store.memory;

import static dev.jobqueue.store.memory.TestJobs.START;
import static dev.jobqueue.store.memory.TestJobs.claimOf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobCount;
import dev.jobqueue.store.StoreSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConcurrentClaimsTest {
    private static final int JOBS = 20_000;

    private final MemoryJobStore store = MemoryJobStore.create(() -> START);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    void giveEachJobToOneThread() throws Exception {
        // given
        StoreSession session = TestJobs.join(store, "node");
        Set<JobId> run = ConcurrentHashMap.newKeySet();
        Callable<Integer> submitter = () -> {
            for (long from = 1; from <= JOBS; from += 100) {
                store.insert(LongStream.range(from, from + 100)
                        .mapToObj(TestJobs::stored)
                        .toList());
            }
            return 0;
        };
        Callable<Integer> worker = () -> {
            int twice = 0;
            while (run.size() < JOBS) {
                List<Change> results = new ArrayList<>();
                for (Job job : session.claim(claimOf(50)).jobs()) {
                    twice += run.add(job.id()) ? 0 : 1;
                    results.add(Change.complete(job.info(), START));
                }
                if (!results.isEmpty()) {
                    store.apply(results);
                }
            }
            return twice;
        };
        // when
        List<Future<Integer>> ends = new ArrayList<>();
        for (Callable<Integer> task : List.of(worker, worker, submitter, worker)) {
            ends.add(threads.submit(task));
        }
        // then
        for (Future<Integer> end : ends) {
            assertEquals(0, end.get());
        }
        assertEquals(
                List.of(JobCount.of("default", "email", JobStatus.COMPLETED, JOBS)),
                store.counts(Set.of(JobStatus.values())));
    }
}
