package dev.jobqueue.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobqueue.Codec;
import dev.jobqueue.ConfigurationException;
import dev.jobqueue.JobHandler;
import dev.jobqueue.JobIdConflictException;
import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.JobType;
import dev.jobqueue.RecoveryException;
import dev.jobqueue.core.recovery.ForwardingStore;
import dev.jobqueue.core.recovery.LeftBehind;
import dev.jobqueue.event.JobQueueListener;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.option.Backpressure;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What a host does wrong first: one message for each, in its words, and nothing changed or left behind. */
class FirstMistakesTest {
    private static final String NODE = "mistakes";
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final JobHandler NOTHING = job -> {};

    private final MemoryJobStore store = MemoryJobStore.create();

    @AfterEach
    void leavesNothingBehind() throws Exception {
        Threads.assertEnd(NODE);
    }

    private JobQueue.Builder builder() {
        return JobQueue.builder().store(store).nodeName(NODE);
    }

    private static void assertFaults(Executable build, String message) {
        assertEquals(message, assertThrows(ConfigurationException.class, build).getMessage());
    }

    @Test
    void forgetsTheStore() {
        assertFaults(
                () -> JobQueue.builder().handler("email", NOTHING).build(),
                "1 fault in the configuration: a store is needed: call store(...), for example with SqliteJobStore or"
                        + " MemoryJobStore");
    }

    @Test
    void opensNoStore() {
        assertFaults(
                () -> JobQueue.builder().store(() -> null).build(),
                "1 fault in the configuration: store(...) must open a store, but returned null");
    }

    @Test
    void hasAStoreThatCannotBeOpened() {
        // given
        StoreException inUse = new StoreException("store jobs.db is in use by process 4711");
        // when
        StoreException thrown = assertThrows(
                StoreException.class,
                () -> JobQueue.builder()
                        .store(() -> {
                            throw inUse;
                        })
                        .build());
        // then
        assertSame(inUse, thrown);
    }

    @Test
    void opensNoStoreWhileTheRestIsWrong() {
        assertFaults(
                () -> JobQueue.builder()
                        .store(() -> {
                            throw new AssertionError("opened");
                        })
                        .workers(0)
                        .build(),
                "1 fault in the configuration: workers must be 1 to 10000, but was 0");
    }

    @Test
    void registersAHandlerTwice() {
        assertFaults(
                () -> builder()
                        .handler("email", NOTHING)
                        .handler("email", NOTHING)
                        .build(),
                "1 fault in the configuration: type \"email\" must have one handler, but was given two (aliases count)");
    }

    @Test
    void registersAHandlerTwiceByAnAlias() {
        assertFaults(
                () -> builder()
                        .handler("email", NOTHING)
                        .handler("mail", NOTHING, options -> options.withAliases("email"))
                        .build(),
                "1 fault in the configuration: type \"email\" must have one handler, but was given two (aliases count)");
    }

    @Test
    void hearsOfAllFaultsAtOnce() {
        assertFaults(
                () -> JobQueue.builder()
                        .nodeName("")
                        .workers(0)
                        .deliveryCapacity(-1)
                        .maxPayload(0)
                        .shutdownGrace(Duration.ofSeconds(-1))
                        .pollInterval(Duration.ZERO)
                        .queues("", "mail\n")
                        .recovery(options -> options.withPageSize(0))
                        .retry(policy -> policy.withMaxFailures(0))
                        .handler("", NOTHING)
                        .handler("slow", NOTHING, options -> options.withTimeout(Duration.ZERO))
                        .handler("flaky", NOTHING, options -> options.withRetry(policy -> policy.withJitter(2)))
                        .build(),
                "14 faults in the configuration: retry.maxFailures must be 1 to 1000000, but was 0;"
                        + " type must be 1 to 200 characters, but was 0: \"\";"
                        + " handler.timeout must be more than zero and at most 3650 days, but was PT0S;"
                        + " retry.jitter must be 0.0 to 1.0, but was 2.0;"
                        + " recovery.pageSize must be 1 to 10000, but was 0;"
                        + " a store is needed: call store(...), for example with SqliteJobStore or MemoryJobStore;"
                        + " nodeName must be 1 to 200 characters, but was 0: \"\";"
                        + " workers must be 1 to 10000, but was 0;"
                        + " deliveryCapacity must be 1 to 100000, but was -1;"
                        + " maxPayload must be 1 to 2147483647, but was 0;"
                        + " shutdownGrace must be zero or more and at most 3650 days, but was PT-1S;"
                        + " pollInterval must be 1 ms or more and at most 3650 days, but was PT0S;"
                        + " queue must be 1 to 200 characters, but was 0: \"\";"
                        + " queue must have no control characters, but was \"mail?\"");
    }

    @Test
    void listsEachFaultForPrograms() {
        ConfigurationException thrown = assertThrows(
                ConfigurationException.class,
                () -> builder().workers(10_001).deliveryCapacity(100_001).build());
        assertEquals(
                List.of(
                        "workers must be 1 to 10000, but was 10001",
                        "deliveryCapacity must be 1 to 100000, but was 100001"),
                thrown.faults());
    }

    @Test
    void hasOptionsThatReturnNothing() {
        assertFaults(
                () -> builder().recovery(options -> null).build(),
                "1 fault in the configuration: options must not become null: return the options, changed or not");
    }

    @Test
    void hasWrongBackpressure() {
        assertFaults(
                () -> builder()
                        .recovery(options ->
                                options.withBackpressure(Backpressure.waiting().withTries(0)))
                        .build(),
                "1 fault in the configuration: backpressure.tries must be 1 to 1000, but was 0");
    }

    @Test
    void servesNoQueueOrOneTwice() {
        assertFaults(
                () -> builder().queues().build(),
                "1 fault in the configuration: queues must be at least one, each once, but was []");
        assertFaults(
                () -> builder().queues("mail", "mail").build(),
                "1 fault in the configuration: queues must be at least one, each once, but was [mail, mail]");
    }

    @Test
    void wantsLargerPayloadsThanTheStoreHolds() {
        // given
        boolean[] closed = new boolean[1];
        JobStore closing = new ForwardingStore(store) {
            @Override
            public void close() {
                closed[0] = true;
            }
        };
        // then
        assertFaults(
                () -> JobQueue.builder()
                        .store(() -> closing)
                        .maxPayload(17 * 1024 * 1024)
                        .build(),
                "1 fault in the configuration: maxPayload must be at most 16777216 in memory, but was 17825792");
        assertTrue(closed[0]);
    }

    @Test
    void wantsALeaseThatOutlastsALateRenewal() {
        assertFaults(
                () -> builder()
                        .lease(lease -> lease.withLength(Duration.ofSeconds(2)).withRenewal(Duration.ofMillis(1_001)))
                        .build(),
                "1 fault in the configuration: lease.renewal must be at most half of lease.length, which is PT2S, but"
                        + " was PT1.001S");
    }

    @Test
    void wantsALeaseOfSomeLength() {
        assertFaults(
                () -> builder()
                        .lease(lease -> lease.withLength(Duration.ofMillis(99)))
                        .build(),
                "1 fault in the configuration: lease.length must be PT0.1S to PT24H, but was PT0.099S");
    }

    @Test
    void wantsVirtualThreadsOnAnOldJava() {
        assumeTrue(Runtime.version().feature() < 21);
        assertFaults(
                () -> builder().virtualThreads().build(),
                "1 fault in the configuration: virtual threads need Java 21, but this is Java "
                        + Runtime.version().feature() + "; leave out virtualThreads()");
    }

    @Test
    void passesNull() {
        JobQueue.Builder builder = JobQueue.builder();
        List<Executable> calls = List.of(
                () -> builder.store((JobStore) null),
                () -> builder.store((Supplier<JobStore>) null),
                () -> builder.handler((String) null, NOTHING),
                () -> builder.handler("email", null),
                () -> builder.handler("email", NOTHING, null),
                () -> builder.handler(JobType.of("email", Codec.text()), null),
                () -> builder.queues((String) null),
                () -> builder.nodeName(null),
                () -> builder.recovery(null),
                () -> builder.retry(null),
                () -> builder.shutdownGrace(null),
                () -> builder.pollInterval(null),
                () -> builder.clock((InstantSource) null),
                () -> builder.listener((JobQueueListener) null));
        for (Executable call : calls) {
            assertThrows(NullPointerException.class, call);
        }
    }

    @Test
    void hasJobsOfATypeWithoutAHandler() throws Exception {
        // given
        try (JobQueue queue = builder().handler("email", NOTHING).build()) {
            JobId stranger = queue.submit(JobRequest.of("fax", "hello")).id();
            JobId email = queue.submit(JobRequest.of("email", "hello")).id();
            // when
            queue.start();
            assertTrue(queue.awaitIdle(LONG));
            // then
            assertEquals(JobStatus.COMPLETED, status(email));
            assertEquals(JobStatus.PENDING, status(stranger));
        }
        try (JobQueue next = builder().handler("email", NOTHING).build()) {
            assertEquals(Map.of("fax", 1L), next.recovery().unhandled());
        }
    }

    @Test
    void hasAPayloadThatItsCodecCannotRead() throws Exception {
        // given
        JobType<String> email = JobType.of("email", Codec.text());
        try (JobQueue queue = builder().handler(email, (job, text) -> {}).build()) {
            queue.start();
            // when
            JobId id = queue.submit(JobRequest.of("email", new byte[] {(byte) 0xC3}))
                    .id();
            // then
            JobInfo failed = queue.await(id, LONG).orElseThrow();
            assertEquals(JobStatus.FAILED, failed.status());
            assertEquals(
                    "dev.jobqueue.NonRetryableException: the codec of type email can't read the payload of 1 bytes: the"
                            + " payload of 1 bytes is no UTF-8 text",
                    failed.error().orElseThrow().lines().findFirst().orElseThrow());
            assertEquals(1, store.find(id).orElseThrow().payload().length);
        }
    }

    @Test
    void submitsTooLargeAPayload() {
        // given
        try (JobQueue queue = builder().maxPayload(3).build()) {
            // when
            IllegalArgumentException thrown =
                    assertThrows(IllegalArgumentException.class, () -> queue.submit(JobRequest.of("email", "hello")));
            // then
            assertEquals(
                    "the payload must be at most 3 bytes, but was 5; keep it elsewhere and submit where it is, or raise"
                            + " maxPayload",
                    thrown.getMessage());
            assertEquals(List.of(), LeftBehind.all(store));
        }
    }

    @Test
    void storesNoneOfABatchWithOneTooLargePayload() {
        // given
        try (JobQueue queue = builder().maxPayload(3).build()) {
            // when
            assertThrows(
                    IllegalArgumentException.class,
                    () -> queue.submitAll(List.of(JobRequest.of("email", "hi"), JobRequest.of("email", "hello"))));
            // then
            assertEquals(List.of(), LeftBehind.all(store));
        }
    }

    @Test
    void submitsNoTypeOrTooLongAOne() {
        assertEquals(
                "type must be 1 to 200 characters, but was null",
                assertThrows(NullPointerException.class, () -> JobRequest.of(null, "hello"))
                        .getMessage());
        assertEquals(
                "type must be 1 to 200 characters, but was 201: \"" + "x".repeat(40) + "...\"",
                assertThrows(IllegalArgumentException.class, () -> JobRequest.of("x".repeat(201), "hello"))
                        .getMessage());
        assertEquals(
                "type must be 1 to 200 characters, but was 0: \"\"",
                assertThrows(IllegalArgumentException.class, () -> JobRequest.of("", "hello"))
                        .getMessage());
    }

    @Test
    void submitsAnotherJobUnderTheSameId() {
        // given
        JobId id = JobId.of("order-4711");
        try (JobQueue queue = builder().build()) {
            queue.submit(JobRequest.of("email", "hello").withId(id));
            // when
            JobIdConflictException thrown = assertThrows(
                    JobIdConflictException.class,
                    () -> queue.submit(JobRequest.of("email", "goodbye").withId(id)));
            // then
            assertEquals(
                    "another job, of another type or with another payload, is stored already under [" + id
                            + "]; submit under an id of its own",
                    thrown.getMessage());
            assertEquals("hello", new String(store.find(id).orElseThrow().payload(), UTF_8));
        }
    }

    @Test
    void buildsOverAStoreThatFailsHalfWay() {
        // given
        boolean[] closed = new boolean[1];
        JobStore failing = new ForwardingStore(store) {
            @Override
            protected <T> T call(String name, Supplier<T> made) {
                if (name.equals("counts")) {
                    throw new IllegalStateException("a bug");
                }
                return super.call(name, made);
            }

            @Override
            public void close() {
                closed[0] = true;
            }
        };
        // when
        RecoveryException thrown = assertThrows(
                RecoveryException.class,
                () -> JobQueue.builder().nodeName(NODE).store(() -> failing).build());
        // then
        assertEquals("recovery gave up after 0 of 0 orphans found so far: a bug", thrown.getMessage());
        assertTrue(closed[0]);
        assertEquals(Set.of(), Threads.of(NODE));
        try (JobQueue next = builder().build()) {
            assertEquals(0, next.recovery().found());
        }
    }

    private JobStatus status(JobId id) {
        return store.find(id).map(Job::info).map(JobInfo::status).orElseThrow();
    }
}
