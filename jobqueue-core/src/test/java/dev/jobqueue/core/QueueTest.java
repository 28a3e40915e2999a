package dev.jobqueue.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.core.given.HeardEvents;
import dev.jobqueue.event.TypeUnhandled;
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

    @Test
    void saysOnceOfEachTypeThatItStoresAndDoesNotHandle() {
        // given
        HeardEvents heard = new HeardEvents();
        try (JobQueue queue = JobQueue.builder()
                .store(store)
                .handler("email", job -> {})
                .listener(heard)
                .build()) {
            // when
            for (String type : List.of("sms", "email", "sms", "fax")) {
                queue.submit(JobRequest.of(type, "hello"));
            }
            // then
            assertEquals(
                    List.of(new TypeUnhandled("sms", 1), new TypeUnhandled("fax", 1)), heard.all(TypeUnhandled.class));
        }
    }

    @Test
    void saysNothingOfTypesWhereItHandlesNone() {
        // given
        HeardEvents heard = new HeardEvents();
        try (JobQueue queue = JobQueue.builder().store(store).listener(heard).build()) {
            // when
            queue.submit(JobRequest.of("sms", "hello"));
            // then
            assertEquals(List.of(), heard.all(TypeUnhandled.class));
        }
    }

    @Test
    void namesTheTimeThatIsMissing() {
        try (JobQueue queue = JobQueue.builder().store(store).build()) {
            assertEquals(
                    "timeout",
                    assertThrows(NullPointerException.class, () -> queue.awaitIdle(null))
                            .getMessage());
        }
    }
}
