package dev.jobqueue.core.submission;

import static dev.jobqueue.core.given.UnreliableStore.Call.INSERT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.core.given.Trouble;
import dev.jobqueue.core.given.UnreliableStore;
import dev.jobqueue.core.runtime.RealPlatform;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedInsertTest {
    private static final List<InsertOutcome> STORED = List.of(InsertOutcome.stored());

    private final RealPlatform platform = new RealPlatform(InstantSource.system(), false);
    private final UnreliableStore store = new UnreliableStore(MemoryJobStore.create());
    private final SharedInsert inserts = new SharedInsert(platform, store);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** The first insert waits in the store until this is open, so that others come meanwhile. */
    private final CountDownLatch gate = new CountDownLatch(1);

    private final CountDownLatch firstIsIn = new CountDownLatch(1);

    @AfterEach
    void endThreads() throws InterruptedException {
        gate.countDown();
        threads.shutdown();
        assertTrue(threads.awaitTermination(20, TimeUnit.SECONDS));
    }

    private Trouble heldUp() {
        return Trouble.before(() -> {
            firstIsIn.countDown();
            try {
                assertTrue(gate.await(20, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new StoreException("interrupted", e);
            }
        });
    }

    private Future<List<InsertOutcome>> inserting(Job... jobs) {
        return threads.submit(() -> inserts.insert(List.of(jobs)));
    }

    /** One caller is in the store; these wait for it. */
    private List<Future<List<InsertOutcome>>> waitingBehindOneInTheStore(Job... jobs) throws InterruptedException {
        store.next(INSERT, heldUp());
        List<Future<List<InsertOutcome>>> all = new ArrayList<>();
        all.add(inserting(SomeJobs.pending("first")));
        assertTrue(firstIsIn.await(20, TimeUnit.SECONDS));
        for (Job job : jobs) {
            int before = inserts.waiting();
            all.add(inserting(job));
            while (inserts.waiting() == before) {
                Thread.yield();
            }
        }
        return all;
    }

    private static <T> T answer(Future<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    private static Throwable failure(Future<?> future) {
        return assertThrows(ExecutionException.class, () -> answer(future)).getCause();
    }

    @Test
    void aLoneCallerPaysForOneCall() {
        // when
        List<InsertOutcome> outcomes = inserts.insert(List.of(SomeJobs.pending("a"), SomeJobs.pending("b")));
        // then
        assertEquals(List.of(InsertOutcome.stored(), InsertOutcome.stored()), outcomes);
        assertEquals(1, store.calls(INSERT));
    }

    @Test
    void thoseWhoComeWhileOneIsInTheStoreShareTheNextCall() throws Exception {
        // given
        Job[] jobs = IntStream.range(0, 20)
                .mapToObj(i -> SomeJobs.pending("job " + i))
                .toArray(Job[]::new);
        List<Future<List<InsertOutcome>>> all = waitingBehindOneInTheStore(jobs);
        // when
        gate.countDown();
        // then
        for (Future<List<InsertOutcome>> each : all) {
            assertEquals(STORED, answer(each));
        }
        assertEquals(List.of(1, 20), store.inserted().stream().map(List::size).toList());
    }

    @Test
    void eachCallerIsToldOfItsOwnJobs() throws Exception {
        // given
        store.insert(List.of(SomeJobs.pending("there")));
        List<Future<List<InsertOutcome>>> all =
                waitingBehindOneInTheStore(SomeJobs.pending("a"), SomeJobs.pending("there"), SomeJobs.pending("b"));
        // when
        gate.countDown();
        // then
        assertEquals(STORED, answer(all.get(1)));
        assertEquals(List.of(InsertOutcome.sameId()), answer(all.get(2)));
        assertEquals(STORED, answer(all.get(3)));
    }

    @Test
    void nobodyPaysForAnothersFault() throws Exception {
        // given: a job that no store takes, as it is not new
        List<Future<List<InsertOutcome>>> all =
                waitingBehindOneInTheStore(SomeJobs.pending("a"), SomeJobs.processing("bad"), SomeJobs.pending("b"));
        // when
        gate.countDown();
        // then
        assertEquals(STORED, answer(all.get(1)));
        assertInstanceOf(IllegalArgumentException.class, failure(all.get(2)));
        assertEquals(STORED, answer(all.get(3)));
    }

    @Test
    void theSameIdTwiceAtOnceIsStoredOnce() throws Exception {
        // given
        List<Future<List<InsertOutcome>>> all =
                waitingBehindOneInTheStore(SomeJobs.pending("same"), SomeJobs.pending("same"), SomeJobs.pending("b"));
        // when
        gate.countDown();
        // then
        assertEquals(STORED, answer(all.get(1)));
        assertEquals(List.of(InsertOutcome.sameId()), answer(all.get(2)));
        assertEquals(STORED, answer(all.get(3)));
    }

    @Test
    void aSharedCallIsNoLongerThanTheStoresLongestBatch() throws Exception {
        // given
        int most = store.traits().maxBatch();
        List<Future<List<InsertOutcome>>> all = new ArrayList<>();
        all.addAll(waitingBehindOneInTheStore());
        for (int caller = 0; caller < 3; caller++) {
            int number = caller;
            int before = inserts.waiting();
            all.add(inserting(IntStream.range(0, most / 2)
                    .mapToObj(i -> SomeJobs.pending("job " + i + " of " + number))
                    .toArray(Job[]::new)));
            while (inserts.waiting() == before) {
                Thread.yield();
            }
        }
        // when
        gate.countDown();
        // then
        for (Future<List<InsertOutcome>> each : all) {
            answer(each);
        }
        assertEquals(
                List.of(1, most / 2 * 2, most / 2),
                store.inserted().stream().map(List::size).toList());
    }

    @Test
    void anInterruptedWaiterGetsItsAnswerAndKeepsItsFlag() throws Exception {
        // given
        waitingBehindOneInTheStore();
        AtomicBoolean flag = new AtomicBoolean();
        CountDownLatch interrupted = new CountDownLatch(1);
        Future<List<InsertOutcome>> waiter = threads.submit(() -> {
            Thread.currentThread().interrupt();
            interrupted.countDown();
            List<InsertOutcome> outcomes = inserts.insert(List.of(SomeJobs.pending("a")));
            flag.set(Thread.interrupted());
            return outcomes;
        });
        assertTrue(interrupted.await(20, TimeUnit.SECONDS));
        // when
        gate.countDown();
        // then
        assertEquals(STORED, answer(waiter));
        assertTrue(flag.get());
    }

    @Test
    void aFailureOfTheStoreIsToldToAll() throws Exception {
        // given
        List<Future<List<InsertOutcome>>> all =
                waitingBehindOneInTheStore(SomeJobs.pending("a"), SomeJobs.pending("b"));
        store.next(INSERT, Trouble.refused());
        // when
        gate.countDown();
        // then
        assertEquals(STORED, answer(all.get(0)));
        assertEquals(StoreException.class, failure(all.get(1)).getClass());
        assertEquals(StoreException.class, failure(all.get(2)).getClass());
    }

    @Test
    void anErrorInTheStoreIsToldToAllAsALostAnswer() throws Exception {
        // given
        List<Future<List<InsertOutcome>>> all =
                waitingBehindOneInTheStore(SomeJobs.pending("a"), SomeJobs.pending("b"));
        store.next(INSERT, Trouble.error(() -> new StackOverflowError("in the driver")));
        // when
        gate.countDown();
        // then
        assertInstanceOf(OutcomeUnknownException.class, failure(all.get(1)));
        assertInstanceOf(OutcomeUnknownException.class, failure(all.get(2)));
    }

    @Test
    void goesOnAfterAnyFailure() {
        // given
        store.next(
                INSERT,
                Trouble.refused(),
                Trouble.error(() -> new StackOverflowError("in the driver")),
                Trouble.thrown(IllegalStateException::new),
                Trouble.thrown(() -> new IllegalArgumentException("data")));
        for (int i = 0; i < 4; i++) {
            assertThrows(RuntimeException.class, () -> inserts.insert(List.of(SomeJobs.pending("a"))));
        }
        // then
        assertEquals(STORED, inserts.insert(List.of(SomeJobs.pending("a"))));
    }

    @Test
    void goesOnAfterAFailureBeforeTheCall() {
        // given
        JobStore broken = mock(JobStore.class);
        when(broken.traits()).thenThrow(new IllegalStateException("closed")).thenReturn(store.traits());
        when(broken.insert(any())).thenReturn(STORED);
        SharedInsert over = new SharedInsert(platform, broken);
        assertThrows(IllegalStateException.class, () -> over.insert(List.of(SomeJobs.pending("a"))));
        // then
        assertEquals(
                STORED,
                assertTimeoutPreemptively(Duration.ofSeconds(20), () -> over.insert(List.of(SomeJobs.pending("b")))));
    }

    @Test
    void manyCallersStoreEachTheirOwnJobsOnce() throws Exception {
        // given
        int callers = 16;
        int each = 200;
        List<Future<?>> all = new ArrayList<>();
        // when
        for (int caller = 0; caller < callers; caller++) {
            int number = caller;
            all.add(threads.submit(() -> {
                for (int i = 0; i < each; i++) {
                    JobInfo info = JobInfo.builder(JobId.of(number + "/" + i), SomeJobs.TYPE, Instant.EPOCH)
                            .build();
                    assertEquals(STORED, inserts.insert(List.of(Job.of(info, new byte[0]))));
                }
            }));
        }
        // then
        for (Future<?> future : all) {
            answer(future);
        }
        assertEquals(
                callers * each, store.inserted().stream().mapToInt(List::size).sum());
    }
}
