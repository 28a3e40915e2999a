package dev.jobqueue.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.core.recovery.ForwardingStore;
import dev.jobqueue.core.recovery.LeftBehind;
import dev.jobqueue.core.runtime.FakePlatform;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.StoreTraits;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IdlenessTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final FakePlatform platform = new FakePlatform();
    private final MemoryJobStore store = MemoryJobStore.create(platform::now);
    private final LeftBehind left = new LeftBehind(store);
    private final Idleness idleness = idlenessOf(store);

    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    private Idleness idlenessOf(JobStore over) {
        return new Idleness(platform, over, Set.of("default"), Set.of("known"));
    }

    private void change(Change change) {
        assertTrue(store.apply(List.of(change)).get(0).isApplied());
    }

    @Test
    void isSoAtOnceWhereNothingIsLeftToDo() throws Exception {
        // given
        left.completed("known");
        left.failed("known");
        left.pending("unknown");
        left.in(JobStatus.PENDING, left.next("known").queue("other"));
        // then
        assertTrue(idleness.await(LONG, () -> true, () -> 0));
        assertEquals(Duration.ZERO, platform.passed());
    }

    @Test
    void countsDelayedJobs() throws Exception {
        // given
        left.delayed("known");
        // then
        assertFalse(idleness.await(LONG, () -> true, () -> 0));
        assertEquals(LONG, platform.passed());
    }

    @Test
    void countsJobsThatAnotherNodeRuns() throws Exception {
        // given
        left.orphan("known");
        // then
        assertFalse(idleness.await(LONG, () -> true, () -> 0));
    }

    @Test
    void asksTheStoreNothingWhileItsNodeHoldsAJob() throws Exception {
        // given
        ForwardingStore silent = new ForwardingStore(store) {
            @Override
            public JobPage list(JobQuery query) {
                throw new AssertionError("asked");
            }
        };
        // then
        assertFalse(idlenessOf(silent).await(Duration.ofSeconds(5), () -> false, () -> 0));
    }

    @Test
    void waitsUntilTheLastJobIsDone() throws Exception {
        // given
        JobInfo job = left.orphan("known");
        platform.meanwhile(() -> {});
        platform.meanwhile(() -> change(Change.complete(job, platform.now())));
        // then
        assertTrue(idleness.await(LONG, () -> true, () -> 0));
        assertEquals(2, platform.waits().size());
    }

    @Test
    void looksEverMoreRarelyUpToOnceASecond() throws Exception {
        // given
        left.orphan("known");
        // when
        idleness.await(Duration.ofSeconds(4), () -> true, () -> 0);
        // then
        assertEquals(
                List.of(10L, 20L, 40L, 80L, 160L, 320L, 640L, 1_000L, 1_000L, 730L),
                platform.waits().stream().map(Duration::toMillis).toList());
    }

    @Test
    void isNotDeceivedByAJobThatFailsBetweenItsTwoQuestions() throws Exception {
        // given: a job is PROCESSING when asked for PENDING ones, and PENDING when asked for PROCESSING ones
        JobInfo job = left.orphan("known");
        AtomicInteger claims = new AtomicInteger();
        ForwardingStore moving = new ForwardingStore(store) {
            @Override
            public JobPage list(JobQuery query) {
                JobPage page = super.list(query);
                if (claims.compareAndSet(0, 1)) {
                    change(Change.failAndRetry(job, platform.now(), platform.now(), "it failed"));
                }
                return page;
            }
        };
        // then
        assertFalse(idlenessOf(moving).await(LONG, () -> true, claims::get));
    }

    /** Nothing tells this node of another's claims. */
    @Test
    void isNotDeceivedByAJobThatFailsOnAnotherNodeBetweenItsTwoQuestions() throws Exception {
        // given
        JobInfo job = left.orphan("known");
        AtomicBoolean moved = new AtomicBoolean();
        ForwardingStore others = new ForwardingStore(store) {
            @Override
            public StoreTraits traits() {
                return StoreTraits.shared("others");
            }

            @Override
            public JobPage list(JobQuery query) {
                JobPage page = super.list(query);
                if (moved.compareAndSet(false, true)) {
                    change(Change.failAndRetry(job, platform.now(), platform.now(), "it failed"));
                }
                return page;
            }
        };
        // then
        assertFalse(idlenessOf(others).await(LONG, () -> true, () -> 0));
        change(Change.cancel(store.find(job.id()).orElseThrow().info(), platform.now()));
        assertTrue(idlenessOf(others).await(LONG, () -> true, () -> 0));
    }

    @Test
    void reliesOnNoFilterThatAStoreMayLeaveOut() throws Exception {
        // given: a store that judges statuses alone
        left.pending("unknown", 3);
        ForwardingStore lazy = new ForwardingStore(store) {
            @Override
            public JobPage list(JobQuery query) {
                JobOrder order = query.order();
                JobQuery all = JobQuery.of(
                                JobFilter.any().withStatuses(query.filter().statuses()))
                        .in(order)
                        .withLimit(query.limit());
                return super.list(query.cursor().map(all::after).orElse(all));
            }
        };
        // then
        assertTrue(idlenessOf(lazy).await(LONG, () -> true, () -> 0));
        left.pending("known");
        assertFalse(idlenessOf(lazy).await(LONG, () -> true, () -> 0));
    }

    @Test
    void isInterrupted() {
        // given
        left.orphan("known");
        platform.meanwhile(() -> Thread.currentThread().interrupt());
        // then
        assertThrows(InterruptedException.class, () -> idleness.await(LONG, () -> true, () -> 0));
        assertFalse(Thread.currentThread().isInterrupted());
    }
}
