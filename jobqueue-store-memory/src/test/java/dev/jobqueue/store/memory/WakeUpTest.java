package dev.jobqueue.store.memory;

import static dev.jobqueue.store.memory.TestJobs.START;
import static dev.jobqueue.store.memory.TestJobs.aJob;
import static dev.jobqueue.store.memory.TestJobs.claimOf;
import static dev.jobqueue.store.memory.TestJobs.join;
import static dev.jobqueue.store.memory.TestJobs.stored;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.StoreSession;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WakeUpTest {
    private final MemoryJobStore store = MemoryJobStore.create(() -> START);
    private final AtomicInteger woken = new AtomicInteger();

    @Test
    void tellsOnceOfABatchOfInserts() {
        join(store, "node", woken::incrementAndGet);

        store.insert(List.of(stored(1), stored(2)));

        assertEquals(1, woken.get());
    }

    @Test
    void tellsOfADelayedJobSinceItMayBeDueBeforeTheNodeWakes() {
        join(store, "node", woken::incrementAndGet);

        store.insert(List.of(stored(aJob(1).runAt(START.plusSeconds(60)))));

        assertEquals(1, woken.get());
    }

    @Test
    void doesNotTellOfJobsThatAreNeverDueOrWereThere() {
        store.insert(List.of(stored(1)));
        join(store, "node", woken::incrementAndGet);

        store.insert(List.of(stored(1), stored(aJob(2).runAt(JobInfo.NEVER))));

        assertEquals(0, woken.get());
    }

    @Test
    void tellsOfAJobThatIsPendingAgain() {
        // given
        store.insert(List.of(stored(1)));
        StoreSession session = join(store, "node", woken::incrementAndGet);
        JobInfo claimed = session.claim(claimOf(1)).jobs().get(0).info();
        // when
        store.apply(List.of(Change.release(claimed, START)));
        // then
        assertEquals(1, woken.get());
    }

    @Test
    void tellsOfAnAmendmentOfAPendingJob() {
        store.insert(List.of(stored(1)));
        join(store, "node", woken::incrementAndGet);

        store.apply(List.of(Change.amend(stored(1).info(), START).withPriority(0)));

        assertEquals(1, woken.get());
    }

    @Test
    void doesNotTellOfEndsAndRefusals() {
        // given
        store.insert(List.of(stored(1), stored(2)));
        StoreSession session = join(store, "node", woken::incrementAndGet);
        JobInfo claimed = session.claim(claimOf(1)).jobs().get(0).info();
        // when
        store.apply(List.of(Change.complete(claimed, START)));
        store.apply(
                List.of(Change.release(claimed, START), Change.cancel(stored(2).info(), START)));
        // then
        assertEquals(0, woken.get());
    }

    @Test
    void letsOthersUseTheStoreWhileItTells() {
        // given
        var found = new CompletableFuture<Boolean>();
        join(
                store,
                "node",
                () -> found.complete(
                        CompletableFuture.supplyAsync(() -> store.find(stored(1).id()))
                                .orTimeout(20, SECONDS)
                                .thenApply(Optional::isPresent)
                                .join()));
        // when
        store.insert(List.of(stored(1)));
        // then
        assertEquals(true, found.join());
    }

    @Test
    void tellsNobodyOnceTheNodeHasLeft() {
        join(store, "node", woken::incrementAndGet).close();

        store.insert(List.of(stored(1)));

        assertEquals(0, woken.get());
    }
}
