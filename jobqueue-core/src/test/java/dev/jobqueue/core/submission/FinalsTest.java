package dev.jobqueue.core.submission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.core.runtime.Monitor;
import dev.jobqueue.core.runtime.RealPlatform;
import dev.jobqueue.job.JobId;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class FinalsTest {
    private final JobId id = JobId.of("a");
    private final Monitor monitor = new RealPlatform(InstantSource.system(), false).newMonitor();
    private final Finals finals = new Finals();

    @Test
    void tellsAllWhoWaitForTheJob() {
        // given
        Finals.Wait one = finals.wait(id, monitor);
        Finals.Wait two = finals.wait(id, monitor);
        Finals.Wait other = finals.wait(JobId.of("b"), monitor);
        // when
        finals.tell(id);
        // then
        assertTrue(one.isOver());
        assertTrue(two.isOver());
        assertFalse(other.isOver());
    }

    @Test
    void forgetsWhoWaitsNoMore() {
        // given
        Finals.Wait wait = finals.wait(id, monitor);
        // when
        wait.close();
        finals.tell(id);
        // then
        assertFalse(wait.isOver());
        assertEquals(0, finals.awaited());
    }

    @Test
    void missesNobodyWhileOthersComeAndGo() throws Exception {
        // given: another caller, who may leave at the very moment when one begins to wait
        ExecutorService threads = Executors.newSingleThreadExecutor();
        AtomicBoolean over = new AtomicBoolean();
        Future<?> other = threads.submit(() -> {
            while (!over.get()) {
                finals.wait(id, monitor).close();
            }
        });
        // then
        try {
            for (int i = 0; i < 50_000; i++) {
                try (Finals.Wait wait = finals.wait(id, monitor)) {
                    finals.tell(id);
                    assertTrue(wait.isOver(), "was not told");
                }
            }
        } finally {
            over.set(true);
            threads.shutdown();
        }
        other.get(20, TimeUnit.SECONDS);
        assertEquals(0, finals.awaited());
    }
}
