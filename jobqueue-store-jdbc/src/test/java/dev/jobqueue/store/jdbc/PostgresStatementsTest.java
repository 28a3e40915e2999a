package dev.jobqueue.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
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
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often the calls ask the database, and how it goes about them. */
class PostgresStatementsTest {
    private static final int BATCH = 1_000;

    private PostgresJobStore store;
    private StoreSession session;

    @BeforeEach
    void setUp() {
        PostgresServer.clear("statements");
        store = PostgresJobStore.open(PostgresServer.source(), options -> options.withSchema("statements"));
        session = TestJobs.join(store);
        session.claim(TestJobs.claiming(1)); // so that the kind has its number
    }

    @AfterEach
    void tearDown() {
        store.close();
    }

    private long roundTripsOf(Runnable call) {
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
    void insertsInTwoMoreWhenSomeAreThere() {
        // given
        store.insert(TestJobs.jobs(1));
        // then: it failed, was undone, and was done
        assertEquals(3, roundTripsOf(() -> {
            List<InsertOutcome> outcomes = store.insert(TestJobs.jobs(BATCH));
            assertEquals(1, Collections.frequency(outcomes, InsertOutcome.sameId()));
        }));
    }

    @Test
    void insertsLargePayloadsInParts() {
        // given
        byte[] payload = new byte[3 * 1024 * 1024];
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
    void asksOnceMoreWhenAClaimComesBackShort() {
        store.insert(TestJobs.jobs(1));
        assertEquals(2, roundTripsOf(() -> session.claim(TestJobs.claiming(2))));
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
        assertEquals(List.of("0"), PostgresServer.sql("select count(*) from statements.lease"));
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

    @Test
    void asksOnceMoreWhereAChangeDoesNotHold() {
        // given
        List<Job> jobs = claimed(10);
        store.apply(changes(jobs.subList(0, 1), job -> Change.recover(job, TestJobs.NOW)));
        // then
        assertEquals(2, roundTripsOf(() -> store.apply(changes(jobs, job -> Change.complete(job, TestJobs.NOW)))));
    }

    @Test
    void asksTwiceMoreWhereALeaseIsNotKnown() {
        List<Change> changes = changes(
                claimed(10), job -> Change.complete(job.toBuilder().hint(null).build(), TestJobs.NOW));
        assertEquals(3, roundTripsOf(() -> assertApplied(changes)));
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

    /**
     * Plans are kept, so those that were made for empty tables must do for full ones. A table that was vacuumed while it was
     * empty is the worst: the database thinks that it has one row, and that to read all of it costs nothing.
     */
    @Test
    void readsNoMoreThanItTouchesByPlansMadeForEmptyTables() throws SQLException {
        // given
        PostgresServer.sql("drop schema if exists plans cascade");
        HikariDataSource pool = // of two connections, of which one listens
                PostgresServer.pool(2, "plans", "-c plan_cache_mode=force_generic_plan");
        PostgresJobStore planned = PostgresJobStore.open(pool, options -> options.withSchema("plans"));
        StoreSession planning = TestJobs.join(planned);
        for (int i = 0; i < 7; i++) { // the driver prepares after 5
            for (String table : List.of("job", "ready", "later", "finished", "lease")) {
                PostgresServer.sql("delete from plans." + table);
                PostgresServer.sql("vacuum analyze plans." + table);
            }
            callForNothing(planned, planning);
        }
        // when
        for (int part = 0; part < 10; part++) {
            String name = "part " + part + " job ";
            planned.insert(IntStream.range(0, BATCH)
                    .mapToObj(i -> TestJobs.job(name + i))
                    .toList());
            List<Job> half = planning.claim(TestJobs.claiming(BATCH / 2)).jobs();
            planned.apply(changes(half, job -> Change.complete(job, TestJobs.NOW)));
        }
        long before = rowsRead(pool);
        workThrough(planned, planning, "last");
        long read = rowsRead(pool) - before;
        planned.close();
        pool.close();
        // then
        assertTrue(read > 100 && read < 3_000, read + " rows were read");
    }

    /** As awaitIdle() asks. Statistics are of the empty tables; it took seconds when jobs were joined as they advise. */
    @Test
    void looksForUnfinishedJobsWithoutReadingThoseThatAreFinished() throws SQLException {
        // given
        PostgresServer.sql("drop schema if exists plans cascade");
        HikariDataSource pool = PostgresServer.pool(2, "plans", "");
        try (PostgresJobStore busy = PostgresJobStore.open(pool, options -> options.withSchema("plans"))) {
            StoreSession working = TestJobs.join(busy);
            for (int part = 0; part < 5; part++) {
                String name = "part " + part + " job ";
                busy.insert(IntStream.range(0, BATCH)
                        .mapToObj(i -> TestJobs.job(name + i))
                        .toList());
                List<Job> jobs = working.claim(TestJobs.claiming(BATCH)).jobs();
                busy.apply(changes(jobs, job -> Change.complete(job, TestJobs.NOW)));
            }
            long before = rowsRead(pool);
            // when
            JobFilter unfinished = JobFilter.any()
                    .withStatuses(Set.of(JobStatus.PENDING, JobStatus.PROCESSING))
                    .withTypes(Set.of(TestJobs.job("any").info().type()));
            assertEquals(
                    List.of(), busy.list(JobQuery.of(unfinished).withLimit(1)).jobs());
            // then
            long read = rowsRead(pool) - before;
            assertTrue(
                    read <= 5 * BATCH,
                    read + " rows were read"); // the dead ones of ready, once, until they are vacuumed
        }
        pool.close();
    }

    /** By the one connection that does not listen. */
    private static long rowsRead(DataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_stat_force_next_flush()");
        }
        String tables = "schemaname = 'plans' and relname in ('job', 'ready', 'later', 'finished')";
        return Long.parseLong(PostgresServer.sql("select (select sum(seq_tup_read) from pg_stat_user_tables where "
                        + tables + ") + (select sum(idx_tup_read) from pg_stat_user_indexes where " + tables + ")")
                .get(0));
    }

    /** Calls of every kind about a job that is not there. */
    private static void callForNothing(PostgresJobStore store, StoreSession session) {
        JobInfo waiting = TestJobs.job("nobody").info();
        JobInfo running = waiting.claimed(Node.of("nobody", new UUID(0, 0)), TestJobs.NOW).toBuilder()
                .hint("1")
                .build();
        JobInfo failed =
                Change.fail(running, TestJobs.NOW, "no").applyTo(running).orElseThrow();
        session.claim(TestJobs.claiming(10));
        store.apply(List.of(Change.cancel(waiting, TestJobs.NOW)));
        store.apply(List.of(Change.complete(running, TestJobs.NOW)));
        store.apply(List.of(Change.retry(failed, TestJobs.NOW)));
        store.apply(List.of(Change.remove(failed)));
        list(store, waiting);
    }

    private static void workThrough(PostgresJobStore store, StoreSession session, String name) {
        List<Job> jobs = IntStream.range(0, 10)
                .mapToObj(i -> TestJobs.job(name + " " + i))
                .toList();
        store.insert(jobs);
        List<Job> claimed = session.claim(TestJobs.claiming(10)).jobs();
        store.apply(changes(claimed.subList(0, 3), job -> Change.complete(job, TestJobs.NOW)));
        store.apply(changes(claimed.subList(3, 6), job -> Change.failAndRetry(job, TestJobs.NOW, TestJobs.NOW, "no")));
        store.apply(changes(claimed.subList(6, 8), job -> Change.fail(job, TestJobs.NOW, "no")));
        store.apply(changes(
                claimed.subList(8, 9), job -> Change.amend(job, TestJobs.NOW).withAttribute("k", "v")));
        JobInfo failed = store.find(claimed.get(7).id()).orElseThrow().info();
        store.apply(List.of(Change.retry(failed, TestJobs.NOW)));
        JobInfo waiting = store.find(failed.id()).orElseThrow().info();
        store.apply(List.of(Change.amend(waiting, TestJobs.NOW).withPriority(3)));
        store.apply(List.of(Change.cancel(waiting, TestJobs.NOW)));
        JobInfo done = store.find(claimed.get(0).id()).orElseThrow().info();
        store.apply(List.of(Change.remove(done)));
        store.apply(List.of(Change.remove(done))); // missing
        list(store, waiting);
    }

    private static void list(PostgresJobStore store, JobInfo waiting) {
        store.find(waiting.id());
        JobFilter any = JobFilter.any();
        store.list(JobQuery.of(any.orphans()).in(JobOrder.STORE));
        store.list(JobQuery.of(any.withOwner("nobody")).in(JobOrder.STORE));
        store.list(JobQuery.of(any.withIds(Set.of(waiting.id()))));
        store.list(JobQuery.of(any.withStatuses(Set.of(JobStatus.PENDING)).withTypes(Set.of(TestJobs.TYPE)))
                .in(JobOrder.CLAIM)
                .withLimit(5));
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
}
