package dev.jobqueue.core.recovery;

import static dev.jobqueue.core.recovery.Recovering.TYPE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.RecoveryException;
import dev.jobqueue.core.runtime.Tries;
import dev.jobqueue.event.JobNotRecovered;
import dev.jobqueue.event.RecoveryCompleted;
import dev.jobqueue.event.RecoveryFailed;
import dev.jobqueue.event.RecoveryReport;
import dev.jobqueue.event.RecoveryReport.Failure;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecoveryFailuresTest {
    private final Recovering world = new Recovering();
    private final LeftBehind left = world.left;

    /** A store whose apply does first what {@code faulty} says. */
    private abstract class FaultyApply extends ForwardingStore {
        int applies;

        FaultyApply() {
            super(world.store);
        }

        abstract List<ApplyOutcome> faulty(List<Change> changes, int call);

        List<ApplyOutcome> really(List<Change> changes) {
            return super.apply(changes);
        }

        @Override
        public List<ApplyOutcome> apply(List<Change> changes) {
            return faulty(changes, ++applies);
        }
    }

    private FaultyApply refusing(Predicate<JobId> which, Supplier<RuntimeException> fault) {
        return new FaultyApply() {
            @Override
            List<ApplyOutcome> faulty(List<Change> changes, int call) {
                if (changes.stream().map(Change::id).anyMatch(which)) {
                    throw fault.get();
                }
                return really(changes);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10})
    void recoversTheOthersWhenTheStoreRefusesOneJob(int pageSize) {
        // given
        world.with(options -> options.withPageSize(pageSize));
        List<JobInfo> orphans = left.orphans(TYPE, 7);
        JobInfo bad = orphans.get(3);
        RuntimeException fault = new IllegalArgumentException("its attributes are too long");
        // when
        RecoveryReport report = world.recover(refusing(bad.id()::equals, () -> fault));
        // then
        assertEquals(7, report.found());
        assertEquals(6, report.recovered());
        assertEquals(1, report.failed());
        assertEquals(List.of(new Failure(bad.id(), fault)), report.failures());
        assertEquals(bad, left.now(bad.id()));
        assertEquals(6, recovered(orphans));
        assertEquals(List.of(new JobNotRecovered(bad.id(), TYPE, 1, fault)), world.events(JobNotRecovered.class));
        assertEquals(1, world.events(RecoveryCompleted.class).size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10})
    void recoversTheOthersWhenTheStoresCodeBreaksAtOneJob(int pageSize) {
        // given
        world.with(options -> options.withPageSize(pageSize));
        List<JobInfo> orphans = left.orphans(TYPE, 7);
        JobId bad = orphans.get(6).id();
        // when
        RecoveryReport report = world.recover(refusing(bad::equals, () -> new NullPointerException("a bug")));
        // then
        assertEquals(6, report.recovered());
        assertEquals(1, report.failed());
        assertEquals(bad, report.failures().get(0).jobId());
        assertEquals(6, recovered(orphans));
    }

    @Test
    void countsWhatTheStoresCodeDidBeforeItBroke() {
        // given: the batch is applied up to the job at which the store's code breaks
        List<JobInfo> orphans = left.orphans(TYPE, 4);
        JobStore store = new FaultyApply() {
            @Override
            List<ApplyOutcome> faulty(List<Change> changes, int call) {
                if (call == 1) {
                    really(changes.subList(0, 2));
                    throw new NullPointerException("a bug");
                }
                return really(changes);
            }
        };
        // when
        RecoveryReport report = world.recover(store);
        // then
        assertEquals(4, report.recovered());
        assertEquals(0, report.failed());
        assertEquals(4, recovered(orphans));
    }

    @Test
    void doesNotCountAsItsOwnWhatAnotherRecoveredWhileABatchWasRefused() {
        // given
        JobInfo bad = left.orphan(TYPE);
        JobInfo recovered = left.orphan(TYPE);
        JobStore store = new FaultyApply() {
            @Override
            List<ApplyOutcome> faulty(List<Change> changes, int call) {
                if (call == 1) {
                    really(List.of(Change.recover(recovered, world.platform.now())));
                }
                if (changes.get(0).id().equals(bad.id())) {
                    throw new IllegalArgumentException("no");
                }
                return really(changes);
            }
        };
        // when
        RecoveryReport report = world.recover(store);
        // then
        assertEquals(2, report.found());
        assertEquals(1, report.failed());
        assertEquals(0, report.recovered());
    }

    @Test
    void keepsAtMostAHundredCauses() {
        // given
        left.orphans(TYPE, 130);
        // when
        RecoveryReport report = world.recover(refusing(id -> true, () -> new IllegalArgumentException("no")));
        // then
        assertEquals(130, report.failed());
        assertEquals(100, report.failures().size());
        assertEquals(0, report.recovered());
    }

    @Test
    void goesOnWithTheNextPageWhenAllOfOneFail() {
        // given
        world.with(options -> options.withPageSize(3));
        List<JobInfo> orphans = left.orphans(TYPE, 9);
        List<JobId> bad = orphans.stream().limit(3).map(JobInfo::id).toList();
        // when
        RecoveryReport report = world.recover(refusing(bad::contains, () -> new IllegalArgumentException("no")));
        // then
        assertEquals(3, report.failed());
        assertEquals(6, report.recovered());
    }

    @Test
    void takesNoJobThatIsNotProcessingForAnOrphan() {
        // given: a store that lists a job which is no orphan
        JobInfo waiting = left.pending(TYPE);
        ForwardingStore store = new ForwardingStore(world.store) {
            @Override
            public JobPage list(JobQuery query) {
                return query.filter().orphaned() ? JobPage.of(List.of(waiting), Optional.empty()) : super.list(query);
            }
        };
        // when
        RecoveryReport report = world.recover(store);
        // then
        assertEquals(1, report.failed());
        assertEquals(waiting, left.now(waiting.id()));
    }

    @Test
    void doesNotCallItAFailureThatAnotherWasFirst() {
        // given
        JobInfo cancelled = left.orphan(TYPE);
        JobInfo recovered = left.orphan(TYPE);
        JobInfo ours = left.orphan(TYPE);
        FaultyApply store = new FaultyApply() {
            @Override
            List<ApplyOutcome> faulty(List<Change> changes, int call) {
                really(List.of(
                        Change.cancel(cancelled, world.platform.now()),
                        Change.recover(recovered, world.platform.now())));
                return really(changes);
            }
        };
        // when
        RecoveryReport report = world.recover(store);
        // then
        assertEquals(3, report.found());
        assertEquals(1, report.recovered());
        assertEquals(0, report.failed());
        assertEquals(JobStatus.CANCELLED, left.now(cancelled.id()).status());
        assertEquals(1, left.now(recovered.id()).crashes());
        assertEquals(JobStatus.PENDING, left.now(ours.id()).status());
    }

    @Test
    void doesNotCallItAFailureThatAJobIsGone() {
        // given
        JobInfo gone = left.orphan(TYPE);
        FaultyApply store = new FaultyApply() {
            @Override
            List<ApplyOutcome> faulty(List<Change> changes, int call) {
                really(List.of(Change.cancel(gone, world.platform.now())));
                really(List.of(Change.remove(left.now(gone.id()))));
                return really(changes);
            }
        };
        // when
        RecoveryReport report = world.recover(store);
        // then
        assertEquals(1, report.found());
        assertEquals(0, report.recovered() + report.failed());
    }

    @Test
    void countsAsRecoveredWhatWasDoneByATryWhoseAnswerWasLost() {
        // given
        List<JobInfo> orphans = left.orphans(TYPE, 3);
        JobStore store = new FaultyApply() {
            @Override
            List<ApplyOutcome> faulty(List<Change> changes, int call) {
                List<ApplyOutcome> outcomes = really(changes);
                if (call == 1) {
                    throw new OutcomeUnknownException("apply: the connection broke", null);
                }
                return outcomes;
            }
        };
        // when
        RecoveryReport report = world.recover(store);
        // then
        assertEquals(3, report.recovered());
        assertEquals(0, report.failed());
        assertEquals(3, recovered(orphans));
        assertEquals(1, left.now(orphans.get(0).id()).crashes());
    }

    @Test
    void sendsTheSameBatchAgainAfterAnOutage() {
        // given
        List<JobInfo> orphans = left.orphans(TYPE, 3);
        List<Integer> batches = new ArrayList<>();
        JobStore store = new FaultyApply() {
            @Override
            List<ApplyOutcome> faulty(List<Change> changes, int call) {
                batches.add(changes.size());
                if (call < 4) {
                    throw new StoreException("away");
                }
                return really(changes);
            }
        };
        // when
        RecoveryReport report = world.recover(store);
        // then
        assertEquals(3, report.recovered());
        assertEquals(3, recovered(orphans));
        assertEquals(List.of(3, 3, 3, 3), batches);
    }

    @Test
    void takesTooFewAnswersForALostOne() {
        // given
        List<JobInfo> orphans = left.orphans(TYPE, 3);
        JobStore store = new FaultyApply() {
            @Override
            List<ApplyOutcome> faulty(List<Change> changes, int call) {
                List<ApplyOutcome> outcomes = really(changes);
                return call == 1 ? outcomes.subList(0, 1) : outcomes;
            }
        };
        // when
        RecoveryReport report = world.recover(store);
        // then
        assertEquals(3, report.recovered());
        assertEquals(3, recovered(orphans));
    }

    @Test
    void givesUpWithAPartialReportWhenTheStoreStaysAway() {
        // given
        world.with(options -> options.withPageSize(4));
        left.orphans(TYPE, 9);
        StoreException away = new StoreException("away");
        JobStore store = new FaultyApply() {
            @Override
            List<ApplyOutcome> faulty(List<Change> changes, int call) {
                if (call > 1) {
                    throw away;
                }
                return really(changes);
            }
        };
        // when
        RecoveryException thrown = assertThrows(RecoveryException.class, () -> world.recover(store));
        // then
        assertEquals("recovery gave up after 4 of 8 orphans found so far: away", thrown.getMessage());
        assertSame(away, thrown.getCause());
        assertEquals(8, thrown.report().found());
        assertEquals(4, thrown.report().recovered());
        assertEquals(0, thrown.report().failed());
        assertEquals(List.of(new RecoveryFailed(thrown.report(), away)), world.events(RecoveryFailed.class));
        assertEquals(List.of(), world.events(RecoveryCompleted.class));
        assertTrue(world.platform.passed().compareTo(Tries.BOUND) <= 0, "no try begins later");
        assertTrue(world.platform.passed().compareTo(Tries.BOUND.dividedBy(2)) >= 0, "it has tried for long");
    }

    /** Its row is damaged, say: the store can't write it, whenever it is asked. */
    @Test
    void leavesAloneTheOneJobThatTheStoreAlwaysFailsAt() {
        // given
        List<JobInfo> orphans = left.orphans(TYPE, 5);
        JobId damaged = orphans.get(0).id();
        StoreException cause = new StoreException("its row is damaged");
        JobStore store = new FaultyApply() {
            @Override
            List<ApplyOutcome> faulty(List<Change> changes, int call) {
                if (changes.stream().anyMatch(change -> change.id().equals(damaged))) {
                    throw cause;
                }
                return really(changes);
            }
        };
        // when
        RecoveryReport report = world.recover(store);
        // then
        assertEquals(4, report.recovered());
        assertEquals(List.of(new RecoveryReport.Failure(damaged, cause)), report.failures());
        assertEquals(damaged, world.events(JobNotRecovered.class).get(0).jobId());
    }

    @Test
    void stopsWithinItsTimeAlsoWhileJobsGoSingly() {
        // given
        world.with(options -> options.withTimeout(Duration.ofSeconds(30)));
        left.orphans(TYPE, 100);
        JobStore store = new FaultyApply() {
            @Override
            List<ApplyOutcome> faulty(List<Change> changes, int call) {
                world.platform.advance(Duration.ofSeconds(1));
                throw new IllegalArgumentException("for the test");
            }
        };
        // when
        RecoveryException thrown = assertThrows(RecoveryException.class, () -> world.recover(store));
        // then
        assertTrue(world.platform.passed().compareTo(Duration.ofSeconds(31)) <= 0);
        assertEquals(29, thrown.report().failed());
    }

    @Test
    void givesUpWithAPartialReportWhenTheStoreCannotListAnyMore() {
        // given
        world.with(options -> options.withPageSize(2));
        left.orphans(TYPE, 5);
        ForwardingStore store = new ForwardingStore(world.store) {
            private int lists;

            @Override
            protected <T> T call(String name, Supplier<T> made) {
                if (name.equals("list") && ++lists == 3) {
                    throw new IllegalStateException("a bug");
                }
                return super.call(name, made);
            }
        };
        // when
        RecoveryException thrown = assertThrows(RecoveryException.class, () -> world.recover(store));
        // then
        assertEquals(4, thrown.report().recovered());
    }

    private long recovered(List<JobInfo> orphans) {
        return orphans.stream()
                .map(job -> left.now(job.id()))
                .filter(job -> job.status() == JobStatus.PENDING && job.crashes() == 1)
                .count();
    }
}
