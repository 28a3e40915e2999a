package dev.jobqueue.store.testkit;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.StoreTraits;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** What a store does not offer shows as skipped; what it claims and does not keep shows as failed. */
class LevelTest {
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aStoreThatLooksAtEveryJobDoesNotScale() {
        Events failed = run(selectNestedClass(List.of(SlowContract.class), JobStoreContract.Scales.class))
                .failed();
        assertEquals(
                Set.of(
                        "claimsAmongManyJobsAsAmongFew",
                        "judgesQueuesTypesAndDueByInTheOrderOfClaims",
                        "passesOverFinalJobs",
                        "passesOverJobsOfOtherTypesAndQueues",
                        "passesOverJobsThatAreNotDue"),
                failed.stream()
                        .map(event -> ((MethodSource)
                                        event.getTestDescriptor().getSource().orElseThrow())
                                .getMethodName())
                        .collect(toCollection(TreeSet::new)));
    }

    @Test
    void whatAStoreDoesNotOfferIsSkippedAndAllElseIsPassed() {
        // when
        Events tests = run(selectClass(ModestContract.class));
        // then
        assertEquals(0, tests.failed().count());
        assertEquals(
                Set.of("Anomalies", "Ends", "Expiry", "Leases", "Names", "Nodes", "Reopening", "Scales", "WakeUp"),
                subjects(tests.aborted()));
        Set<String> passed = subjects(tests.succeeded());
        passed.retainAll(subjects(tests.aborted()));
        assertEquals(Set.of(), passed, "skipped in part");
    }

    @Test
    void aStoreThatAdmitsManyNodesIsNotAskedToAdmitOne() {
        // when
        Events tests = run(selectClass(SharedContract.class));
        // then
        assertEquals(0, tests.failed().count());
        assertEquals(Set.of("Anomalies", "Membership", "Reopening", "Scales"), subjects(tests.aborted()));
    }

    private static Events run(DiscoverySelector selector) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selector)
                .execute()
                .testEvents();
    }

    private static Set<String> subjects(Events events) {
        return events.stream().map(LevelTest::subject).collect(toCollection(TreeSet::new));
    }

    private static String subject(Event event) {
        return ((MethodSource) event.getTestDescriptor().getSource().orElseThrow())
                .getJavaClass()
                .getSimpleName();
    }

    /** The plain store with a filter that it leaves to its caller, as it may; but then it does not scale. */
    static class SlowContract extends JobStoreContract {
        @Override
        protected JobStore open(MovableClock clock) {
            return new PlainStore(clock, new TreeMap<>()) {
                @Override
                boolean lists(JobFilter filter, JobInfo job) {
                    return filter.statuses().contains(job.status());
                }
            };
        }

        @Override
        protected int fewJobs() {
            return 100;
        }

        @Override
        protected int manyJobs() {
            return 10_000;
        }
    }

    /** Admits one node; keeps nothing when it is closed; wakes nobody. */
    static class ModestContract extends JobStoreContract {
        @Override
        protected JobStore open(MovableClock clock) {
            return new PlainStore(clock, new TreeMap<>()) {
                @Override
                public StoreTraits traits() {
                    return StoreTraits.exclusive("modest").withMaxBatch(100).withMaxPayload(1_000);
                }
            };
        }

        @Override
        protected Level level() {
            return Level.CORRECT;
        }
    }

    static class SharedContract extends JobStoreContract {
        @Override
        protected JobStore open(MovableClock clock) {
            return new SharedPlainStore(clock, new TreeMap<>());
        }

        @Override
        protected Level level() {
            return Level.CORRECT;
        }
    }
}
