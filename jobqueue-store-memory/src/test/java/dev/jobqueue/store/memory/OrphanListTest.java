package dev.jobqueue.store.memory;

import static dev.jobqueue.store.memory.TestJobs.START;
import static dev.jobqueue.store.memory.TestJobs.node;
import static dev.jobqueue.store.memory.TestJobs.stored;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.Job;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.StoreSession;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class OrphanListTest {
    private final MemoryJobStore store = MemoryJobStore.create(() -> START);

    /** Else a list that knows the old holder takes the new one's jobs for orphans, and it is robbed. */
    @Test
    void letsNobodyJoinBetweenItsLookAtTheHolderAndItsLookAtTheJobs() throws Exception {
        // given a list that waits for the store, which a slow insert has locked
        TestJobs.join(store, "first");
        SlowBatch batch = new SlowBatch();
        FutureTask<?> insert = new FutureTask<>(() -> store.insert(batch));
        FutureTask<JobPage> list = new FutureTask<>(
                () -> store.list(JobQuery.of(JobFilter.any().orphans()).in(JobOrder.STORE)));
        FutureTask<StoreSession> join = new FutureTask<>(() -> store.join(
                JoinRequest.of(node("second"), Duration.ofSeconds(6), () -> {}).replacing(node("first"))));
        new Thread(insert).start();
        assertTrue(batch.isStored.await(20, SECONDS));
        startAndAwaitItsWait(list);
        // when
        startAndAwaitItsWait(join);
        // then
        assertFalse(join.isDone());
        batch.goOn.countDown();
        insert.get(20, SECONDS);
        assertEquals(List.of(), list.get(20, SECONDS).jobs());
        join.get(20, SECONDS);
    }

    private static void startAndAwaitItsWait(FutureTask<?> task) {
        Thread thread = new Thread(task);
        thread.start();
        long giveUp = System.nanoTime() + SECONDS.toNanos(20);
        while (thread.getState() != Thread.State.WAITING && thread.isAlive() && System.nanoTime() < giveUp) {
            Thread.onSpinWait();
        }
    }

    /** Lets itself be checked, but not be stored before it may go on. */
    private static final class SlowBatch extends AbstractList<Job> {
        private final CountDownLatch isStored = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final Job job = stored(1);

        @Override
        public Job get(int index) {
            if (StackWalker.getInstance().walk(frames -> frames.anyMatch(SlowBatch::locks))) {
                isStored.countDown();
                try {
                    assertTrue(goOn.await(20, SECONDS));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return job;
        }

        private static boolean locks(StackWalker.StackFrame frame) {
            return frame.getMethodName().equals("locked");
        }

        @Override
        public int size() {
            return 1;
        }
    }
}
