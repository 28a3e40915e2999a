package dev.jobqueue.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobCount;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QueueTest {
    private final MemoryJobStore store = MemoryJobStore.create();

    @Test
    void runsEveryJobOnce() throws Exception {
        // given
        Set<String> done = ConcurrentHashMap.newKeySet();
        try (JobQueue queue = JobQueue.builder()
                .store(store)
                .handler("count", job -> assertTrue(done.add(job.text())))
                .build()) {
            queue.start();
            // when
            List<JobRequest> requests = IntStream.range(0, 1_000)
                    .mapToObj(i -> JobRequest.of("count", "job " + i))
                    .toList();
            queue.submitAll(requests);
            // then
            assertTrue(queue.awaitIdle(Duration.ofSeconds(30)));
        }
        assertEquals(1_000, done.size());
        assertEquals(
                List.of(JobCount.of("default", "count", JobStatus.COMPLETED, 1_000)),
                store.counts(Set.of(JobStatus.values())));
    }
}
