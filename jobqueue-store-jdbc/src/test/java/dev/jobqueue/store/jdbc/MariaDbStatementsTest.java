package dev.jobqueue.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.StoreSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often the calls ask the database. */
class MariaDbStatementsTest {
    private static final int BATCH = 1_000;

    private MariaDbJobStore store;
    private StoreSession session;

    @BeforeEach
    void setUp() {
        MariaDbTestServer.clear("statements");
        store = open();
        session = TestJobs.join(store);
        session.claim(TestJobs.claiming(1)); // so that the kind has its number
    }

    @AfterEach
    void tearDown() {
        store.close();
    }

    /** With a long bound: what is counted here are round trips, and some bring 40 MiB on a busy machine. */
    private static MariaDbJobStore open() {
        return MariaDbJobStore.open(
                MariaDbTestServer.source(),
                options -> options.withSchema("statements").withCallBound(Duration.ofMinutes(1)));
    }

    private long roundTripsOf(Runnable call) {
        return roundTripsOf(store, call);
    }

    private static long roundTripsOf(DatabaseJobStore store, Runnable call) {
        long before = store.roundTrips();
        call.run();
        return store.roundTrips() - before;
    }

    private static List<Change> changes(List<Job> jobs, Function<JobInfo, Change> change) {
        return jobs.stream().map(Job::info).map(change).toList();
    }

    private void assertApplied(List<Change> changes) {
        assertEquals(Collections.nCopies(changes.size(), ApplyOutcome.applied()), store.apply(changes));
    }

    private List<Job> claimed(int count) {
        store.insert(TestJobs.jobs(count));
        return session.claim(TestJobs.claiming(count)).jobs();
    }

    @Test
    void insertsABatchInOneRoundTrip() {
        assertEquals(1, roundTripsOf(() -> store.insert(TestJobs.jobs(BATCH))));
    }

    @Test
    void insertsInThreeMoreWhenSomeAreThere() {
        // given
        store.insert(TestJobs.jobs(1));
        // then: it failed, was undone, asked what is there, and was done
        assertEquals(4, roundTripsOf(() -> {
            List<InsertOutcome> outcomes = store.insert(TestJobs.jobs(BATCH));
            assertEquals(1, Collections.frequency(outcomes, InsertOutcome.sameId()));
        }));
    }

    @Test
    void insertsLargePayloadsInPartsAllOrNone() {
        // given
        byte[] payload = new byte[8 * 1024 * 1024];
        List<Job> jobs = IntStream.range(0, 5)
                .mapToObj(i -> Job.of(TestJobs.job("large " + i).info(), payload))
                .toList();
        // then
        assertEquals(3, roundTripsOf(() -> store.insert(jobs)));
        assertEquals(5, session.claim(TestJobs.claiming(5)).jobs().size());
    }

    @Test
    void claimsABatchInOneRoundTrip() {
        store.insert(TestJobs.jobs(BATCH));
        assertEquals(1, roundTripsOf(() -> session.claim(TestJobs.claiming(BATCH))));
    }

    @Test
    void claimsFromManySlotsInOneRoundTrip() {
        // given
        store.insert(TestJobs.jobs(10));
        List<ClaimSlot> slots = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            slots.add(ClaimSlot.of("queue " + i, Set.of(TestJobs.TYPE), 10));
        }
        slots.add(ClaimSlot.of(JobInfo.DEFAULT_QUEUE, Set.of(TestJobs.TYPE), 10));
        ClaimRequest request = ClaimRequest.of(TestJobs.NOW, 10, slots);
        session.claim(ClaimRequest.of(TestJobs.NOW, 1, slots)); // numbers the kinds
        store.insert(List.of(TestJobs.job("one more")));
        // then
        assertEquals(
                1,
                roundTripsOf(
                        () -> assertEquals(10, session.claim(request).jobs().size())));
    }

    @Test
    void knowsTheNextDueOfAShortClaimWithoutAsking() {
        store.insert(TestJobs.jobs(1));
        store.insert(List.of(TestJobs.job("later", job -> job.runAt(TestJobs.NOW.plusSeconds(9)))));
        assertEquals(
                1,
                roundTripsOf(() -> assertEquals(
                        TestJobs.NOW.plusSeconds(9),
                        session.claim(TestJobs.claiming(2)).nextDue().orElseThrow())));
    }

    @Test
    void appliesABatchOfAnyResultInOneRoundTrip() {
        // given
        List<Job> jobs = claimed(BATCH);
        // then
        assertEquals(
                1,
                roundTripsOf(() ->
                        assertApplied(changes(jobs.subList(0, 500), job -> Change.complete(job, TestJobs.NOW)))));
        assertEquals(
                1,
                roundTripsOf(() -> assertApplied(changes(
                        jobs.subList(500, 600),
                        job -> Change.failAndRetry(job, TestJobs.NOW, TestJobs.NOW.plusSeconds(1), "no")))));
        assertEquals(
                1,
                roundTripsOf(() -> assertApplied(changes(
                        jobs.subList(600, 1_000),
                        job -> Change.fail(job, TestJobs.NOW, "no")
                                .withAttribute("k", "v")
                                .withMemo(new byte[] {1})))));
        assertEquals(List.of("0"), MariaDbTestServer.sql("select count(*) from statements.lease"));
    }

    @Test
    void appliesResultsOfManyClaimsInOneRoundTrip() {
        // given
        store.insert(TestJobs.jobs(50));
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            jobs.addAll(session.claim(TestJobs.claiming(1)).jobs());
        }
        // then
        assertEquals(1, roundTripsOf(() -> assertApplied(changes(jobs, job -> Change.complete(job, TestJobs.NOW)))));
        assertEquals(List.of("0"), MariaDbTestServer.sql("select count(*) from statements.lease"));
    }

    /** Each place is a transaction of its own, so that locks of two places never make a ring. */
    @Test
    void appliesABatchFromThreePlacesInThreeRoundTrips() {
        // given
        List<Job> jobs = claimed(20);
        store.insert(List.of(TestJobs.job("waiting")));
        assertApplied(changes(jobs.subList(0, 10), job -> Change.fail(job, TestJobs.NOW, "no")));
        List<Change> changes = new ArrayList<>();
        jobs.subList(0, 10)
                .forEach(job -> changes.add(
                        Change.retry(store.find(job.id()).orElseThrow().info(), TestJobs.NOW)));
        jobs.subList(10, 20).forEach(job -> changes.add(Change.complete(job.info(), TestJobs.NOW)));
        changes.add(Change.cancel(TestJobs.job("waiting").info(), TestJobs.NOW));
        // then
        assertEquals(3, roundTripsOf(() -> assertApplied(changes)));
    }

    /** What it remembered is old; it fails, is undone, asks where the jobs are, and makes the rest. */
    @Test
    void asksThriceMoreWhereAnotherProcessTookOne() {
        // given
        List<Job> jobs = claimed(10);
        try (MariaDbJobStore other = open()) {
            other.apply(changes(jobs.subList(0, 1), job -> Change.recover(job, TestJobs.NOW)));
        }
        // then
        assertEquals(4, roundTripsOf(() -> {
            List<ApplyOutcome> outcomes = store.apply(changes(jobs, job -> Change.complete(job, TestJobs.NOW)));
            assertEquals(9, Collections.frequency(outcomes, ApplyOutcome.applied()));
        }));
    }

    @Test
    void appliesWhatAnotherProcessListedInOneRoundTrip() {
        // given
        claimed(10);
        try (MariaDbJobStore other = open()) {
            List<JobInfo> listed = other.list(JobQuery.of(JobFilter.any().withStatuses(Set.of(JobStatus.PROCESSING)))
                            .in(JobOrder.STORE))
                    .jobs();
            // then
            assertEquals(
                    1,
                    roundTripsOf(
                            other,
                            () -> other.apply(listed.stream()
                                    .map(job -> Change.recover(job, TestJobs.NOW))
                                    .toList())));
        }
    }

    @Test
    void asksOnceMoreWhereALeaseIsNotKnown() {
        List<Change> changes = changes(
                claimed(10), job -> Change.complete(job.toBuilder().hint(null).build(), TestJobs.NOW));
        assertEquals(2, roundTripsOf(() -> assertApplied(changes)));
    }

    @Test
    void takesAHintOfAnotherStoreForNone() {
        assertApplied(changes(
                claimed(1), job -> Change.complete(job.toBuilder().hint("row 7").build(), TestJobs.NOW)));
    }

    @Test
    void renewsAndListsTheSilentInOneRoundTrip() {
        assertEquals(1, roundTripsOf(() -> session.heartbeat(Set.of())));
    }

    @Test
    void endsAPageEarlyThatWouldBeLarge() {
        // given
        byte[] memo = new byte[64 * 1024];
        store.insert(IntStream.range(0, 200)
                .mapToObj(i ->
                        TestJobs.job("large " + i, with -> with.memo(memo).attributes(Map.of("n", "" + i))))
                .toList());
        for (JobOrder order : List.of(JobOrder.STORE, JobOrder.NEWEST)) {
            // when
            JobQuery query = JobQuery.of(JobFilter.any()).in(order).withLimit(BATCH);
            JobPage page = store.list(query);
            List<JobInfo> listed = new ArrayList<>(page.jobs());
            while (page.next().isPresent()) {
                assertTrue(page.jobs().size() <= 65, page.jobs().size() + " jobs");
                page = store.list(query.after(page.next().orElseThrow()));
                listed.addAll(page.jobs());
            }
            // then
            assertEquals(200, listed.stream().map(JobInfo::id).distinct().count());
            assertEquals(200, listed.size());
        }
    }

    @Test
    void appliesLargeMemosInGroups() {
        // given
        List<Job> jobs = claimed(100);
        byte[] memo = new byte[64 * 1024];
        // then
        assertApplied(changes(jobs, job -> Change.complete(job, TestJobs.NOW).withMemo(memo)));
    }

    @Test
    void worksWithStatementsThatTheServerPrepares() {
        try (HikariDataSource pool = MariaDbTestServer.pool(4, "?useServerPrepStmts=true");
                MariaDbJobStore prepared = MariaDbJobStore.open(pool, options -> options.withSchema("statements"))) {
            prepared.insert(TestJobs.jobs(10));
            List<Job> jobs = TestJobs.join(prepared, "prepared")
                    .claim(TestJobs.claiming(10))
                    .jobs();
            List<ApplyOutcome> outcomes = prepared.apply(changes(jobs, job -> Change.fail(job, TestJobs.NOW, "no")));
            assertEquals(10, Collections.frequency(outcomes, ApplyOutcome.applied()));
            assertEquals(10, prepared.list(JobQuery.of(JobFilter.any())).jobs().size());
        }
    }
}
