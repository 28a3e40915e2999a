package dev.jobqueue.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.StoreSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many statements the calls take, and how SQLite goes about them. */
class SqliteStatementsTest {
    private static final int BATCH = 1_000;

    /** A statement takes so many rows, and a call has a few statements beside these. */
    private static final long FEW = BATCH / Statements.ROWS + 10;

    @TempDir
    Path dir;

    private SqliteJobStore store;
    private StoreSession session;

    @BeforeEach
    void setUp() {
        store = SqliteJobStore.open(dir.resolve("jobs.db"));
        session = TestJobs.join(store);
    }

    @AfterEach
    void tearDown() {
        store.close();
    }

    private long executed() {
        return store.connections().stream()
                .mapToLong(connection -> connection.read("test", Statements::executed))
                .sum();
    }

    private long statementsOf(Runnable call) {
        long before = executed();
        call.run();
        return executed() - before - 2L * store.connections().size(); // those of the counting itself
    }

    private List<Change> changes(List<Job> jobs, Function<JobInfo, Change> change) {
        return jobs.stream().map(Job::info).map(change).toList();
    }

    @Test
    void insertsInFewStatements() {
        // given
        store.insert(List.of(TestJobs.job("first")));
        List<Job> jobs = new ArrayList<>(TestJobs.jobs(BATCH - 1));
        jobs.add(TestJobs.job("first")); // so that it also has to find out which were stored
        // when
        long statements = statementsOf(() -> store.insert(jobs));
        // then: a row in two tables each
        assertTrue(statements < 2 * FEW, statements + " statements");
    }

    @Test
    void claimsInAFixedNumberOfStatements() {
        store.insert(TestJobs.jobs(BATCH));
        long ofOne = statementsOf(() -> session.claim(TestJobs.claiming(1)));
        assertEquals(ofOne, statementsOf(() -> session.claim(TestJobs.claiming(BATCH - 2))));
    }

    @Test
    void completesAndRecoversInFewStatements() {
        // given
        store.insert(TestJobs.jobs(BATCH));
        List<Job> claimed = session.claim(TestJobs.claiming(BATCH)).jobs();
        List<Job> again = new ArrayList<>();
        // when
        long ofRecovery = statementsOf(() -> store.apply(changes(claimed, job -> Change.recover(job, TestJobs.NOW))));
        again.addAll(session.claim(TestJobs.claiming(BATCH)).jobs());
        long ofResults = statementsOf(() -> store.apply(changes(again, job -> Change.complete(job, TestJobs.NOW))));
        // then
        assertEquals(BATCH, again.size());
        assertTrue(ofRecovery < FEW, ofRecovery + " statements");
        assertTrue(ofResults < FEW, ofResults + " statements");
    }

    @Test
    void writesErrorsAttributesAndMemosInFewStatements() {
        // given
        store.insert(TestJobs.jobs(BATCH));
        List<Job> claimed = session.claim(TestJobs.claiming(BATCH)).jobs();
        List<Change> changes = changes(
                claimed,
                job -> Change.fail(job, TestJobs.NOW, "no")
                        .withAttribute("k", "v")
                        .withMemo(new byte[] {1}));
        // when
        long statements = statementsOf(() -> store.apply(changes));
        // then: a row of the job, and three parts of its detail
        assertTrue(statements < 4 * FEW, statements + " statements");
    }

    @Test
    void removesInAFixedNumberOfStatements() {
        // given
        store.insert(TestJobs.jobs(BATCH));
        List<Job> claimed = session.claim(TestJobs.claiming(BATCH)).jobs();
        store.apply(changes(claimed, job -> Change.complete(job, TestJobs.NOW)));
        List<Change> changes = claimed.stream()
                .map(job -> Change.remove(store.find(job.id()).orElseThrow().info()))
                .toList();
        // when
        long statements =
                statementsOf(() -> assertEquals(Set.of(ApplyOutcome.applied()), Set.copyOf(store.apply(changes))));
        // then
        assertTrue(statements < 10, statements + " statements");
    }

    @Test
    void readsNoTableFromEndToEnd() {
        // given
        callEverything();
        // then
        for (SqliteConnection connection : store.connections()) {
            for (String sql : connection.read("test", Statements::texts)) {
                if (sql.startsWith("select") || sql.startsWith("update") || sql.startsWith("delete")) {
                    String plan = plan(connection, sql);
                    assertTrue(
                            Stream.of("job", "j", "d", "y", "payload", "detail")
                                    .flatMap(table -> Stream.of("SCAN " + table + "\n"))
                                    .noneMatch(plan::contains),
                            sql + "\n" + plan);
                }
            }
        }
    }

    @Test
    void claimsFromTheIndexAlone() {
        // given
        callEverything();
        // then
        String claim = store.connections().get(0).read("test", Statements::texts).stream()
                .filter(sql -> sql.startsWith("select * from (\n    select priority"))
                .findFirst()
                .orElseThrow();
        String plan = plan(store.connections().get(0), claim);
        assertTrue(
                plan.contains(
                        "SEARCH job USING COVERING INDEX job_pending (status=? AND kind=? AND <expr>=? AND priority=?"
                                + " AND (run_at,id)>(?,?) AND run_at<?)"),
                plan);
        assertTrue(
                plan.contains(
                        "SEARCH j USING COVERING INDEX job_pending (status=? AND kind=? AND <expr>=? AND priority=?"
                                + " AND run_at<?)"),
                plan);
    }

    @Test
    void findsOrphansAndWhatANodeHoldsAmongTheRunningAlone() {
        // given
        callEverything();
        SqliteConnection reader = store.connections().get(1);
        // then
        for (String condition : List.of("j.owner = ?", "j.owner <> ?")) {
            List<String> statements = reader.read("test", Statements::texts).stream()
                    .filter(sql -> sql.contains(condition))
                    .toList();
            assertEquals(2, statements.size(), "one in STORE order, one in NEWEST");
            for (String sql : statements) {
                String plan = plan(reader, sql);
                assertTrue(plan.startsWith("SEARCH j USING INDEX job_processing (status=?"), sql + "\n" + plan);
            }
            String inStoreOrder = statements.stream()
                    .filter(sql -> sql.contains("order by j.no"))
                    .findFirst()
                    .orElseThrow();
            assertEquals("SEARCH j USING INDEX job_processing (status=? AND rowid>?)\n", plan(reader, inStoreOrder));
        }
    }

    private void callEverything() {
        store.insert(TestJobs.jobs(20));
        List<Job> claimed = session.claim(TestJobs.claiming(10)).jobs();
        store.apply(changes(claimed.subList(0, 3), job -> Change.complete(job, TestJobs.NOW)));
        store.apply(changes(claimed.subList(3, 6), job -> Change.fail(job, TestJobs.NOW, "no")));
        JobInfo pending = TestJobs.job("job 15").info();
        store.apply(List.of(
                Change.amend(pending, TestJobs.NOW).withAttribute("k", "v").withMemo(new byte[] {1})));
        store.apply(List.of(
                Change.remove(store.find(claimed.get(0).id()).orElseThrow().info())));
        store.counts(EnumSet.complementOf(EnumSet.noneOf(JobStatus.class)));
        JobFilter any = JobFilter.any();
        for (JobOrder order : List.of(JobOrder.STORE, JobOrder.NEWEST)) {
            for (JobFilter filter : List.of(
                    any.orphans(),
                    any.withOwner("somebody"),
                    any.withIds(Set.of(pending.id())),
                    any.withStatuses(Set.of(JobStatus.PENDING)),
                    any.withStatuses(Set.of(JobStatus.PENDING)).withTypes(Set.of(TestJobs.TYPE)),
                    any.withStatuses(Set.of(JobStatus.PROCESSING)),
                    any.withStatuses(Set.of(JobStatus.FAILED, JobStatus.CANCELLED)))) {
                store.list(JobQuery.of(filter).in(order));
            }
        }
        JobFilter waiting = any.withStatuses(Set.of(JobStatus.PENDING));
        store.list(JobQuery.of(waiting).in(JobOrder.CLAIM));
        store.list(JobQuery.of(waiting.withIds(Set.of(pending.id()))).in(JobOrder.CLAIM));
    }

    private static String plan(SqliteConnection connection, String sql) {
        return connection.read(
                "test",
                statements -> String.join(
                                "\n",
                                statements.query("explain query plan " + sql, none -> {}, row -> row.getString(4)))
                        + "\n");
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
            List<JobInfo> listed = new ArrayList<>();
            JobPage page = store.list(query);
            int longest = page.jobs().size();
            listed.addAll(page.jobs());
            while (page.next().isPresent()) {
                page = store.list(query.after(page.next().orElseThrow()));
                longest = Math.max(longest, page.jobs().size());
                listed.addAll(page.jobs());
            }
            // then
            assertEquals(64, longest);
            assertEquals(200, listed.stream().map(JobInfo::id).distinct().count());
            assertEquals(200, listed.size());
        }
    }
}
