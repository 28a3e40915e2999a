package dev.jobqueue.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import dev.jobqueue.core.recovery.ForwardingStore;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.memory.MemoryJobStore;
import dev.jobqueue.store.testkit.JobStoreContract;
import dev.jobqueue.store.testkit.MovableClock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Shows that the kit's anomaly loop bites: it needs an engine, so the kit's own tests of broken stores can't. */
class AnomalyLoopTest {
    @Test
    void catchesAStoreThatForgetsAnAcceptedJob() {
        // given
        Class<?> subject = Arrays.stream(JobStoreContract.class.getDeclaredClasses())
                .filter(each -> each.getSimpleName().equals("Anomalies"))
                .findFirst()
                .orElseThrow();
        // when
        Events tests = EngineTestKit.engine("junit-jupiter")
                .selectors(selectNestedClass(List.of(OverForgetful.class), subject))
                .execute()
                .testEvents();
        // then
        assertEquals(2, tests.failed().count());
    }

    /** Says that it has stored jobs, and has not stored those of one type. */
    static class OverForgetful extends JobStoreContract {
        @Override
        protected JobStore open(MovableClock clock) {
            return new ForwardingStore(MemoryJobStore.create(clock)) {
                @Override
                public List<InsertOutcome> insert(List<Job> jobs) {
                    List<Job> kept = jobs.stream()
                            .filter(job -> !isForgotten(job.info()))
                            .toList();
                    if (!kept.isEmpty()) {
                        super.insert(kept);
                    }
                    return jobs.stream().map(job -> InsertOutcome.stored()).toList();
                }
            };
        }

        private static boolean isForgotten(JobInfo job) {
            return job.type().equals("flaky");
        }

        @Override
        protected Duration patience() {
            return Duration.ofSeconds(10);
        }
    }
}
