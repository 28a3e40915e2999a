package dev.jobqueue.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobHandler;
import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.QueueState;
import dev.jobqueue.core.given.HeardEvents;
import dev.jobqueue.core.recovery.ForwardingStore;
import dev.jobqueue.event.HandlerCancelled;
import dev.jobqueue.event.JobCompleted;
import dev.jobqueue.event.NodeEnded;
import dev.jobqueue.event.NodeJoined;
import dev.jobqueue.event.NodeUnnamed;
import dev.jobqueue.event.QueueStopped;
import dev.jobqueue.event.ResultRefused;
import dev.jobqueue.event.SilentNodeEnded;
import dev.jobqueue.event.StoreAvailable;
import dev.jobqueue.event.StoreUnavailable;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.End;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several queues in one JVM over one store that admits many. */
class NodesTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final MemoryJobStore store = MemoryJobStore.shared();
    private final List<JobQueue> queues = new ArrayList<>();

    /** A queue whose store can go away, which is all that others see of a process that stands still or is dead. */
    private final class Place {
        final HeardEvents heard = new HeardEvents();
        final JobQueue queue;
        volatile boolean away;
        volatile boolean heartbeatsAway;
        /** What the dispatcher's comparisons wait for. */
        volatile CountDownLatch comparing = new CountDownLatch(0);

        Place(String name, JobHandler handler) {
            JobStore mine = new ForwardingStore(store) {
                @Override
                protected <T> T call(String call, Supplier<T> made) {
                    if (away || heartbeatsAway && call.equals("heartbeat")) {
                        throw new StoreException("away");
                    }
                    if (call.equals("list")) {
                        NodesTest.waitFor(comparing);
                    }
                    return super.call(call, made);
                }
            };
            queue = JobQueue.builder()
                    .store(mine)
                    .nodeName(name)
                    .workers(4)
                    .lease(lease -> lease.withLength(Duration.ofSeconds(1)).withRenewal(Duration.ofMillis(100)))
                    .shutdownGrace(Duration.ZERO)
                    .handler("count", handler)
                    .listener(heard)
                    .build();
            queues.add(queue);
        }
    }

    @AfterEach
    void close() {
        queues.forEach(JobQueue::close);
    }

    private JobInfo info(JobId id) {
        return store.find(id).orElseThrow().info();
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertTrue(latch.await(LONG.toSeconds(), TimeUnit.SECONDS), "waited in vain");
    }

    private interface Wait {
        void end() throws InterruptedException;
    }

    private static void awaitUnchecked(Wait wait) {
        try {
            wait.end();
        } catch (InterruptedException e) {
            throw new StoreException("interrupted", e);
        }
    }

    private static void waitFor(CountDownLatch latch) {
        awaitUnchecked(() -> await(latch));
    }

    @Test
    void shareTheWorkAndRunEachJobOnce() throws Exception {
        // given
        ConcurrentHashMap<JobId, AtomicInteger> runs = new ConcurrentHashMap<>();
        JobHandler count =
                job -> runs.computeIfAbsent(job.id(), id -> new AtomicInteger()).incrementAndGet();
        List<Place> places = List.of(new Place("one", count), new Place("two", count), new Place("three", count));
        places.forEach(place -> place.queue.start());
        // when
        for (int i = 0; i < 500; i++) {
            places.get(i % 3).queue.submit(JobRequest.of("count", "job " + i));
        }
        // then
        assertTrue(places.get(0).queue.awaitIdle(LONG));
        assertEquals(500, runs.size());
        assertTrue(runs.values().stream().allMatch(times -> times.get() == 1), runs::toString);
    }

    @Test
    void runTheJobsOfANodeThatIsSilent() throws Exception {
        // given: a node whose handler begins, and which is not heard of again
        CountDownLatch begun = new CountDownLatch(1);
        Place silent = new Place("silent", job -> {
            begun.countDown();
            new CountDownLatch(1).await();
        });
        silent.queue.start();
        JobId id = silent.queue.submit(JobRequest.of("count", "one")).id();
        await(begun);
        // when
        silent.away = true;
        Place other = new Place("other", job -> assertEquals(2, job.attempt()));
        other.queue.start();
        // then
        assertEquals(
                JobStatus.COMPLETED, other.queue.await(id, LONG).orElseThrow().status());
        assertEquals("silent", other.heard.only(SilentNodeEnded.class).node().name());
        assertFalse(silent.queue.health().healthy());
        // when: it is back
        silent.away = false;
        silent.heard.await(ResultRefused.class);
        // then: what it says of the job is refused, and it goes on by itself
        silent.heard.await(HandlerCancelled.class);
        assertEquals(2, info(id).attempt());
        assertEquals(End.EXPIRED, silent.heard.await(NodeEnded.class).end());
        silent.heard.await(NodeJoined.class, 2);
    }

    /** What it claimed ahead was given to another node, and it is back before its dispatcher hears of that. */
    @Test
    void beginNothingThatAnEarlierIncarnationClaimed() throws Exception {
        // given: four jobs run, and four wait for the same workers, behind a store call that takes its time
        CountDownLatch begun = new CountDownLatch(4);
        CountDownLatch end = new CountDownLatch(1);
        Place still = new Place("still", job -> {
            begun.countDown();
            waitFor(end);
        });
        for (int i = 0; i < 8; i++) {
            still.queue.submit(JobRequest.of("count", "job " + i));
        }
        still.queue.start();
        await(begun);
        Place other = new Place("other", job -> {});
        CountDownLatch compared = new CountDownLatch(1);
        still.comparing = compared;
        still.heartbeatsAway = true;
        other.queue.start();
        other.heard.await(JobCompleted.class, 8);
        // when
        still.heartbeatsAway = false;
        still.heard.await(NodeJoined.class, 2);
        end.countDown();
        List<ResultRefused> refused = still.heard.await(ResultRefused.class, 8);
        compared.countDown();
        // then
        assertEquals(
                4,
                refused.stream()
                        .filter(result -> result.tried().equals("RELEASE"))
                        .count());
    }

    /** Long before their next renewal. */
    @Test
    void comeBackAtOnceWhenAClaimTellsThatTheyHaveEnded() throws Exception {
        // given: a node whose lease has run out by the store's clock, and has been ended
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        MemoryJobStore early = MemoryJobStore.shared(now::get);
        CountDownLatch renewed = new CountDownLatch(1);
        JobStore told = new ForwardingStore(early) {
            @Override
            protected <T> T call(String call, Supplier<T> made) {
                T answer = super.call(call, made);
                if (call.equals("heartbeat")) {
                    renewed.countDown();
                }
                return answer;
            }
        };
        JobQueue queue = JobQueue.builder()
                .store(told)
                .nodeName("early")
                .lease(lease -> lease.withLength(Duration.ofHours(2)).withRenewal(Duration.ofHours(1)))
                .handler("count", job -> {})
                .build();
        queues.add(queue);
        queue.start();
        Node before = queue.health().node();
        await(renewed);
        now.set(now.get().plus(Duration.ofHours(3)));
        StoreSession other = early.join(JoinRequest.of(Node.of("other", new UUID(9, 9)), LONG, () -> {}));
        other.heartbeat(Set.copyOf(other.heartbeat(Set.of()).runOut()));
        // when
        JobId id = queue.submit(JobRequest.of("count", "one")).id();
        // then
        assertEquals(JobStatus.COMPLETED, queue.await(id, LONG).orElseThrow().status());
        assertNotEquals(before, queue.health().node());
    }

    @Test
    void goOnWhenTheyWereTakenForDead() throws Exception {
        // given
        Place still = new Place("still", job -> {});
        Place other = new Place("other", job -> {});
        still.queue.start();
        other.queue.start();
        still.away = true;
        other.heard.await(SilentNodeEnded.class);
        other.queue.close();
        // when
        still.away = false;
        // then: nobody else is there to run it
        JobId id = still.queue.submit(JobRequest.of("count", "one")).id();
        assertEquals(
                JobStatus.COMPLETED, still.queue.await(id, LONG).orElseThrow().status());
        assertEquals(QueueState.RUNNING, still.queue.health().state());
    }

    @Test
    void sayBeforeTheirStartThatTheyCanNotRenew() throws Exception {
        // given
        String problem = "the store does not answer heartbeat: away";
        Place built = new Place("built", job -> {});
        // when
        built.away = true;
        built.heard.await(StoreUnavailable.class);
        // then
        assertTrue(built.queue.health().problems().contains(problem));
        built.away = false;
        built.heard.await(StoreAvailable.class);
        assertFalse(built.queue.health().problems().contains(problem));
    }

    @Test
    void stopWhenTheirNameIsTaken() throws Exception {
        // given
        Place older = new Place("name", job -> {});
        older.queue.start();
        // when
        Place newer = new Place("name", job -> {});
        // then
        older.heard.await(QueueStopped.class);
        assertEquals(QueueState.SUPERSEDED, older.queue.health().state());
        assertEquals(End.SUPERSEDED, older.heard.only(NodeEnded.class).end());
        newer.queue.start();
        JobId id = older.queue.submit(JobRequest.of("count", "one")).id();
        assertEquals(
                JobStatus.COMPLETED, newer.queue.await(id, LONG).orElseThrow().status());
    }

    @Test
    void areOutWhenTheirNameIsTakenWhileTheyRecover() throws Exception {
        // given: recovery goes on when the queue has heard that a newer one has its name
        HeardEvents heard = new HeardEvents();
        AtomicBoolean taken = new AtomicBoolean();
        JobStore slow = new ForwardingStore(store) {
            @Override
            public JobPage list(JobQuery query) {
                if (taken.compareAndSet(false, true)) {
                    Place newer = new Place("name", job -> {});
                    assertEquals(QueueState.BUILT, newer.queue.health().state());
                    awaitUnchecked(() -> heard.await(NodeEnded.class));
                }
                return super.list(query);
            }
        };
        // when
        JobQueue older = JobQueue.builder()
                .store(slow)
                .nodeName("name")
                .lease(lease -> lease.withLength(Duration.ofSeconds(1)).withRenewal(Duration.ofMillis(100)))
                .listener(heard)
                .build();
        queues.add(older);
        queues.get(0).close();
        // then
        Threads.assertEnd("name");
        assertEquals(QueueState.SUPERSEDED, older.health().state());
    }

    @Test
    void recoverAtOnceWhenTheyComeBackUnderTheirName() throws Exception {
        // given
        CountDownLatch begun = new CountDownLatch(1);
        Place before = new Place("name", job -> {
            begun.countDown();
            new CountDownLatch(1).await();
        });
        before.queue.start();
        JobId id = before.queue.submit(JobRequest.of("count", "one")).id();
        await(begun);
        before.away = true;
        // when
        Place after = new Place("name", job -> {});
        // then
        assertEquals(1, after.queue.recovery().recovered());
        assertEquals(JobStatus.PENDING, info(id).status());
    }

    @Test
    void leaveNothingToRescueWhenTheyStop() throws Exception {
        // given
        CountDownLatch begun = new CountDownLatch(4);
        Place one = new Place("one", job -> {
            begun.countDown();
            new CountDownLatch(1).await();
        });
        one.queue.start();
        List<JobId> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(one.queue.submit(JobRequest.of("count", "job " + i)).id());
        }
        await(begun);
        // when
        one.queue.stop();
        // then
        ids.forEach(id -> assertEquals(JobStatus.PENDING, info(id).status()));
        assertEquals(0, new Place("two", job -> {}).queue.recovery().found());
    }

    @Test
    void warnOfAMadeUpName() {
        // given
        HeardEvents heard = new HeardEvents();
        // when
        queues.add(JobQueue.builder()
                .store(store)
                .handler("count", job -> {})
                .listener(heard)
                .build());
        // then
        assertEquals(
                queues.get(0).health().node(), heard.only(NodeUnnamed.class).node());
    }

    @Test
    void leaveNoThreadBehind() throws Exception {
        // given
        Place one = new Place("threads", job -> {});
        // then: it renews its lease from its join on
        assertEquals(List.of("jobqueue-threads-heartbeat"), List.copyOf(Threads.of("threads")));
        // when
        one.queue.start();
        one.queue.close();
        // then
        Threads.assertEnd("threads");
        new Place("threads", job -> {}).queue.close();
        Threads.assertEnd("threads");
    }
}
