package dev.jobqueue.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobQueue;
import dev.jobqueue.QueueState;
import dev.jobqueue.RecoveryException;
import dev.jobqueue.core.recovery.ForwardingStore;
import dev.jobqueue.core.recovery.LeftBehind;
import dev.jobqueue.core.runtime.FakePlatform;
import dev.jobqueue.event.JobQueueEvent;
import dev.jobqueue.event.RecoveryFailed;
import dev.jobqueue.event.RecoveryReport;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.option.RecoveryOptions;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuildTest {
    private final FakePlatform platform = new FakePlatform();
    private final MemoryJobStore store = MemoryJobStore.create(platform::now);
    private final LeftBehind left = new LeftBehind(store);
    private final List<JobQueueEvent> events = new ArrayList<>();

    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    private JobQueue build(JobStore over, UnaryOperator<RecoveryOptions> options) {
        QueueBuilder builder = builder(options);
        builder.store(over);
        return builder.build(platform);
    }

    private JobQueue build(JobStore over) {
        return build(over, options -> options.withPageSize(2));
    }

    private QueueBuilder builder(UnaryOperator<RecoveryOptions> options) {
        QueueBuilder builder = new QueueBuilder();
        builder.nodeName("build")
                .deliveryCapacity(3)
                .recovery(options)
                .handler("known", job -> {})
                .listener(events::add);
        return builder;
    }

    private List<JobInfo> processing() {
        return LeftBehind.all(store).stream()
                .filter(job -> job.status() == JobStatus.PROCESSING)
                .toList();
    }

    @Test
    void claimsNothing() {
        // given
        left.orphans("known", 2);
        left.pending("known", 5);
        List<String> calls = new ArrayList<>();
        JobStore noting = new ForwardingStore(store) {
            @Override
            protected <T> T call(String name, Supplier<T> made) {
                calls.add(name);
                return super.call(name, made);
            }
        };
        // when
        JobQueue queue = build(noting);
        // then
        assertEquals(List.of(), processing());
        assertEquals(List.of("join", "join", "list", "apply", "list", "list", "counts"), calls);
        assertEquals(3, queue.recovery().delivered());
        assertEquals(3, queue.health().delivered());
        queue.close();
    }

    @Test
    void startsNoThread() {
        // given
        left.orphans("known", 2);
        // when
        build(store).close();
        // then
        assertEquals(List.of(), platform.startedThreads());
    }

    @Test
    void changesNothingWhenDoneAgain() {
        // given
        left.orphans("known", 5);
        left.completed("known");
        left.pending("known", 2);
        build(store).close();
        List<JobInfo> before = LeftBehind.all(store);
        platform.advance(Duration.ofMinutes(1));
        // when
        RecoveryReport report = build(store).recovery();
        // then
        assertEquals(before, LeftBehind.all(store));
        assertEquals(0, report.found());
    }

    @Test
    void takesThePlaceOfAQueueThatWasAbandoned() {
        // given
        JobQueue abandoned = build(store);
        left.pending("known");
        // when
        JobQueue next = build(store);
        // then
        assertEquals(1, next.recovery().delivered());
        assertEquals(QueueState.BUILT, abandoned.health().state());
        abandoned.close();
        assertEquals(QueueState.BUILT, next.health().state());
    }

    @Test
    void leavesTheStoreWhenItFails() {
        // given
        left.orphans("known", 5);
        List<String> calls = new ArrayList<>();
        JobStore failing = new ForwardingStore(store) {
            @Override
            protected <T> T call(String name, Supplier<T> made) {
                calls.add(name);
                if (name.equals("counts")) {
                    throw new StoreException("away");
                }
                return super.call(name, made);
            }
        };
        // when
        RecoveryException thrown = assertThrows(RecoveryException.class, () -> build(failing));
        // then
        assertEquals(5, thrown.report().recovered());
        assertEquals("leave", calls.get(calls.size() - 1));
        assertEquals(new RecoveryFailed(thrown.report(), thrown.getCause()), events.get(events.size() - 1));
        assertEquals(3, build(store).recovery().delivered());
    }

    @Test
    void closesAStoreOfItsOwnWhenItFailsButNotAHosts() {
        // given
        List<String> closes = new ArrayList<>();
        JobStore failing = new ForwardingStore(store) {
            @Override
            protected <T> T call(String name, Supplier<T> made) {
                if (name.equals("list")) {
                    throw new IllegalStateException("a bug");
                }
                return super.call(name, made);
            }

            @Override
            public void close() {
                closes.add("close");
                throw new StoreException("cannot even close");
            }
        };
        // when
        assertThrows(RecoveryException.class, () -> build(failing));
        assertEquals(List.of(), closes);
        QueueBuilder owning = builder(UnaryOperator.identity());
        owning.store(() -> failing);
        RecoveryException thrown = assertThrows(RecoveryException.class, () -> owning.build(platform));
        // then
        assertEquals(List.of("close"), closes);
        assertEquals("cannot even close", thrown.getSuppressed()[0].getMessage());
    }

    @Test
    void failsWithItsOwnFaultWhenItCannotEvenLeave() {
        // given
        JobStore failing = new ForwardingStore(store) {
            @Override
            protected <T> T call(String name, Supplier<T> made) {
                if (name.equals("list")) {
                    throw new IllegalStateException("a bug");
                }
                if (name.equals("leave")) {
                    throw new StoreException("away");
                }
                return super.call(name, made);
            }
        };
        // when
        RecoveryException thrown = assertThrows(RecoveryException.class, () -> build(failing));
        // then
        assertEquals("a bug", thrown.getCause().getMessage());
        assertEquals(0, build(store).recovery().found());
    }

    @Test
    void failsWhenTheStoreDoesNotLetItJoin() {
        // given
        StoreException away = new StoreException("away");
        JobStore failing = new ForwardingStore(store) {
            @Override
            protected <T> T call(String name, Supplier<T> made) {
                throw away;
            }
        };
        // when
        StoreException thrown = assertThrows(StoreException.class, () -> build(failing));
        // then
        assertSame(away, thrown);
        assertTrue(platform.passed().compareTo(Duration.ofSeconds(10)) <= 0);
    }

    @Test
    void isInterruptedBetweenPagesAndCanBeDoneAgain() {
        // given
        left.orphans("known", 5);
        Thread.currentThread().interrupt();
        // when
        assertThrows(RecoveryException.class, () -> build(store));
        // then
        assertTrue(Thread.interrupted());
        assertEquals(5, build(store).recovery().recovered());
    }

    /** What a kill is to the code that it hits: nothing catches it, and nothing can be done any more. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Ends the process at its n-th call: before it is done, or after. */
    private final class Killing extends ForwardingStore {
        private final int at;
        private final boolean afterwards;
        private int calls;

        Killing(int at, boolean afterwards) {
            super(store);
            this.at = at;
            this.afterwards = afterwards;
        }

        @Override
        protected <T> T call(String name, Supplier<T> made) {
            calls++;
            if (calls < at) {
                return super.call(name, made);
            }
            if (calls == at && afterwards) {
                super.call(name, made);
            }
            throw new Killed();
        }
    }

    private void leaveAMixture() {
        left.orphans("known", 5);
        left.orphan("unknown");
        left.completed("known");
        left.failed("known");
        left.pending("known", 4);
        left.delayed("known");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endsInTheSameStateWhereverItIsKilled(boolean afterwards) {
        boolean killed = true;
        int at = 1;
        for (; killed; at++) {
            // given
            BuildTest fresh = new BuildTest();
            fresh.leaveAMixture();
            // when
            killed = fresh.dies(fresh.new Killing(at, afterwards));
            fresh.build(fresh.store);
            // then
            fresh.assertEndState();
        }
        assertTrue(at > 10, "there were fewer calls than a recovery makes");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endsInTheSameStateThoughKilledAgainAndAgain(boolean afterwards) {
        // given
        leaveAMixture();
        // when: each new process comes one call further
        for (int at = 1; dies(new Killing(at, afterwards)); at++) {}
        // then
        assertEndState();
    }

    @Test
    void endsInTheSameStateWhenItIsNeverKilled() {
        // given
        leaveAMixture();
        // when
        build(store);
        // then
        assertEndState();
    }

    private boolean dies(JobStore killing) {
        try {
            build(killing);
            return false;
        } catch (Killed e) {
            return true;
        }
    }

    private void assertEndState() {
        List<String> jobs = LeftBehind.all(store).stream()
                .map(job -> job.id().toString().substring(34) + " " + job.status() + " " + job.attempt() + " "
                        + job.crashes() + " " + job.failures())
                .sorted()
                .toList();
        assertEquals(
                List.of(
                        "01 PENDING 1 1 0",
                        "02 PENDING 1 1 0",
                        "03 PENDING 1 1 0",
                        "04 PENDING 1 1 0",
                        "05 PENDING 1 1 0",
                        "06 PENDING 1 1 0",
                        "07 COMPLETED 1 0 0",
                        "08 FAILED 1 0 1",
                        "09 PENDING 0 0 0",
                        "0a PENDING 0 0 0",
                        "0b PENDING 0 0 0",
                        "0c PENDING 0 0 0",
                        "0d PENDING 0 0 0"),
                jobs);
        RecoveryReport report = build(store).recovery();
        assertEquals(0, report.found());
        assertEquals(10, report.pending());
        assertEquals(3, report.delivered());
        assertEquals(7, report.deferred());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endsInTheSameStateWhicheverAnswerIsLost(boolean done) {
        for (int at = 1, calls = at; at <= calls; at++) {
            // given
            BuildTest fresh = new BuildTest();
            fresh.leaveAMixture();
            Losing losing = fresh.new Losing(at, done);
            // when
            JobQueue queue = fresh.build(losing);
            // then
            assertEquals(6, queue.recovery().recovered(), "answer " + at);
            assertEquals(0, queue.recovery().failed());
            fresh.assertEndState();
            calls = losing.calls;
        }
    }

    /** Loses the answer to its n-th call, which was done or not. */
    private final class Losing extends ForwardingStore {
        private final int at;
        private final boolean done;
        int calls;

        Losing(int at, boolean done) {
            super(store);
            this.at = at;
            this.done = done;
        }

        @Override
        protected <T> T call(String name, Supplier<T> made) {
            if (++calls != at) {
                return super.call(name, made);
            }
            if (done) {
                super.call(name, made);
            }
            throw new OutcomeUnknownException("the answer to " + name + " was lost", null);
        }
    }
}
