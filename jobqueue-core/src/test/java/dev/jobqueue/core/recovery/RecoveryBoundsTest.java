package dev.jobqueue.core.recovery;

import static dev.jobqueue.core.recovery.Recovering.TYPE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.RecoveryException;
import dev.jobqueue.event.RecoveryFailed;
import dev.jobqueue.event.RecoveryReport;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreTraits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecoveryBoundsTest {
    private final Recovering world = new Recovering();
    private final LeftBehind left = world.left;

    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    /** Notes each call, and the lengths of pages and batches. */
    private static final class Counting extends ForwardingStore {
        final List<String> calls = new ArrayList<>();
        final List<Integer> lengths = new ArrayList<>();
        private final int maxBatch;

        Counting(JobStore store, int maxBatch) {
            super(store);
            this.maxBatch = maxBatch;
        }

        @Override
        public StoreTraits traits() {
            return super.traits().withMaxBatch(maxBatch);
        }

        @Override
        protected <T> T call(String name, Supplier<T> made) {
            calls.add(name);
            return super.call(name, made);
        }

        @Override
        public JobPage list(JobQuery query) {
            lengths.add(query.limit());
            return super.list(query);
        }

        @Override
        public List<ApplyOutcome> apply(List<Change> changes) {
            lengths.add(changes.size());
            return super.apply(changes);
        }
    }

    @Test
    void readsAndPutsBackAPageAtATime() {
        // given
        world.with(options -> options.withPageSize(10));
        left.orphans(TYPE, 35);
        left.pending(TYPE, 35);
        Counting store = new Counting(world.store, 1_000);
        // when
        RecoveryReport report = world.recover(store);
        // then
        assertEquals(35, report.recovered());
        assertEquals(70, report.delivered());
        assertTrue(store.lengths.stream().allMatch(length -> length <= 10), () -> "lengths " + store.lengths);
    }

    @Test
    void cutsItsPageToTheStoresLongestBatch() {
        // given
        world.with(options -> options.withPageSize(10_000));
        left.orphans(TYPE, 9);
        Counting store = new Counting(world.store, 4);
        // when
        RecoveryReport report = world.recover(store);
        // then
        assertEquals(9, report.recovered());
        assertTrue(store.lengths.stream().allMatch(length -> length <= 4), () -> "lengths " + store.lengths);
    }

    @Test
    void costsNoMoreForALargerBacklog() {
        // given
        Recovering large = new Recovering();
        left.orphans(TYPE, 20);
        left.pending(TYPE, 200);
        large.left.orphans(TYPE, 20);
        large.left.pending(TYPE, 10_000);
        Counting small = new Counting(world.store, 1_000);
        Counting big = new Counting(large.store, 1_000);
        // when
        RecoveryReport report = world.recover(small);
        RecoveryReport reportOfLarge = large.recover(big);
        // then
        assertEquals(small.calls, big.calls);
        assertEquals(small.lengths, big.lengths);
        assertEquals(List.of("list", "apply", "list", "counts"), small.calls);
        assertEquals(120, report.deferred());
        assertEquals(9_920, reportOfLarge.deferred());
    }

    @Test
    void asksNoMoreThanOnceForOrphansWhereThereAreNone() {
        // given
        Counting store = new Counting(world.store, 1_000);
        // when
        world.recover(store);
        // then
        assertEquals(List.of("list", "list", "counts"), store.calls);
    }

    /** Lets something happen while the n-th page of orphans is listed. */
    private ForwardingStore atPage(int number, Runnable event) {
        return new ForwardingStore(world.store) {
            private int pages;

            @Override
            public JobPage list(JobQuery query) {
                JobPage page = super.list(query);
                if (query.order() == JobOrder.STORE && ++pages == number) {
                    event.run();
                }
                return page;
            }
        };
    }

    @Test
    void stopsBetweenTwoPagesWhenItsTimeIsOver() {
        // given
        Duration timeout = Duration.ofMinutes(1);
        world.with(options -> options.withPageSize(2).withTimeout(timeout));
        left.orphans(TYPE, 6);
        JobStore store = atPage(2, () -> world.platform.advance(timeout));
        // when
        RecoveryException thrown = assertThrows(RecoveryException.class, () -> world.recover(store));
        // then
        assertEquals(
                "recovery gave up after 4 of 4 orphans found so far: recovery.timeout is over", thrown.getMessage());
        assertEquals(4, thrown.report().recovered());
        assertEquals(timeout, thrown.report().took());
        assertEquals(1, world.events(RecoveryFailed.class).size());
        assertEquals(
                2,
                LeftBehind.all(world.store).stream()
                        .filter(job -> job.status() == JobStatus.PROCESSING)
                        .count());
    }

    @Test
    void deliversNothingWhenItsTimeIsOverAfterTheLastOrphan() {
        // given
        world.with(options -> options.withTimeout(Duration.ofMinutes(1)));
        left.orphan(TYPE);
        JobStore store = atPage(1, () -> world.platform.advance(Duration.ofMinutes(1)));
        // when
        RecoveryException thrown = assertThrows(RecoveryException.class, () -> world.recover(store));
        // then
        assertEquals(1, thrown.report().recovered());
        assertEquals(0, world.references.size());
    }

    @Test
    void saysHowLongItTook() {
        // given
        world.platform.advance(Duration.ofHours(1));
        JobStore store = atPage(1, () -> world.platform.advance(Duration.ofSeconds(7)));
        // then
        assertEquals(Duration.ofSeconds(7), world.recover(store).took());
    }

    @Test
    void doesNotStopAMillisecondBeforeItsTimeIsOver() {
        // given
        world.with(options -> options.withPageSize(2).withTimeout(Duration.ofMinutes(1)));
        left.orphans(TYPE, 6);
        JobStore store = atPage(2, () -> world.platform.advance(Duration.ofMillis(59_999)));
        // when
        RecoveryReport report = world.recover(store);
        // then
        assertEquals(6, report.recovered());
    }

    @Test
    void goesOnFromWhereItStopped() {
        // given
        world.with(options -> options.withPageSize(2));
        left.orphans(TYPE, 6);
        JobStore store = atPage(2, () -> Thread.currentThread().interrupt());
        assertThrows(RecoveryException.class, () -> world.recover(store));
        Thread.interrupted();
        // when
        RecoveryReport report = new Recovery(
                        world.platform, world.reporter(), world.store, world.options, Set.of("default"), Set.of(TYPE))
                .recover(world.node, world.references);
        // then
        assertEquals(2, report.found());
        assertEquals(2, report.recovered());
        assertEquals(6, report.delivered());
        assertTrue(LeftBehind.all(world.store).stream()
                .allMatch(job -> job.status() == JobStatus.PENDING && job.crashes() == 1));
    }

    @Test
    void stopsBetweenTwoPagesWhenInterruptedAndKeepsTheFlag() {
        // given
        world.with(options -> options.withPageSize(2));
        left.orphans(TYPE, 6);
        JobStore store = atPage(1, () -> Thread.currentThread().interrupt());
        // when
        RecoveryException thrown = assertThrows(RecoveryException.class, () -> world.recover(store));
        // then
        assertTrue(Thread.currentThread().isInterrupted());
        assertEquals(
                "recovery gave up after 2 of 2 orphans found so far: its thread was interrupted", thrown.getMessage());
        assertEquals(2, thrown.report().recovered());
    }

    @Test
    void stopsBeforeItsFirstPageOnAnInterruptedThread() {
        // given
        left.orphan(TYPE);
        Counting store = new Counting(world.store, 1_000);
        Thread.currentThread().interrupt();
        // when
        RecoveryException thrown = assertThrows(RecoveryException.class, () -> world.recover(store));
        // then
        assertTrue(Thread.interrupted());
        assertEquals(0, thrown.report().found());
        assertEquals(List.of(), store.calls);
    }

    @Test
    void stopsWaitingForTheStoreWhenInterrupted() {
        // given
        left.orphan(TYPE);
        ForwardingStore store = new ForwardingStore(world.store) {
            @Override
            protected <T> T call(String name, Supplier<T> made) {
                throw new StoreException("away");
            }
        };
        world.platform.meanwhile(() -> Thread.currentThread().interrupt());
        // when
        RecoveryException thrown = assertThrows(RecoveryException.class, () -> world.recover(store));
        // then
        assertTrue(Thread.interrupted());
        assertInstanceOf(StoreException.class, thrown.getCause());
        assertEquals(1, world.platform.waits().size());
    }

    @Test
    void stopsWaitingForTheStoreWhenItsTimeIsOver() {
        // given
        world.with(options -> options.withTimeout(Duration.ofSeconds(1)));
        ForwardingStore store = new ForwardingStore(world.store) {
            @Override
            protected <T> T call(String name, Supplier<T> made) {
                throw new StoreException("away");
            }
        };
        // when
        assertThrows(RecoveryException.class, () -> world.recover(store));
        // then
        assertTrue(world.platform.passed().compareTo(Duration.ofSeconds(1)) <= 0);
    }
}
