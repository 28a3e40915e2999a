package dev.jobqueue.store.jdbc;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.Heartbeat;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.Lapse;
import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreSession;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What goes wrong between a store and its database: it ends in time, and is said to be what it is. */
class PostgresFailureTest {
    private PostgresJobStore store;
    private StoreSession session;

    @BeforeEach
    void setUp() {
        PostgresServer.clear("failures");
        store = open(PostgresServer.source(), Duration.ofSeconds(6));
        session = TestJobs.join(store);
    }

    @AfterEach
    void tearDown() {
        store.close();
    }

    private static PostgresJobStore open(DataSource source, Duration callBound) {
        return PostgresJobStore.open(
                source, options -> options.withSchema("failures").withCallBound(callBound));
    }

    private interface SqlWork {
        void run(Statement sql) throws Exception;
    }

    /** Somebody else's transaction, which holds its locks meanwhile. */
    private static void inATransaction(SqlWork work) throws Exception {
        try (Connection connection = PostgresServer.unpooled().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            work.run(statement);
            connection.rollback();
        }
    }

    private JobInfo claimed() {
        store.insert(TestJobs.jobs(1));
        return session.claim(TestJobs.claiming(1)).jobs().get(0).info();
    }

    private JobStatus statusOf(JobInfo job) {
        return store.find(job.id()).orElseThrow().info().status();
    }

    @Test
    void doesNotClaimWhileTheNodesEndIsBeingWritten() throws Exception {
        store.insert(TestJobs.jobs(1));
        PostgresJobStore hasty = open(PostgresServer.source(), Duration.ofMillis(600));
        Node node = Node.of("hasty", UUID.randomUUID());
        StoreSession member = hasty.join(JoinRequest.of(node, Duration.ofSeconds(6), () -> {}));
        inATransaction(sql -> {
            sql.execute("select 1 from failures.node where name = 'hasty' for update");
            String failure = assertThrows(StoreException.class, () -> member.claim(TestJobs.claiming(1)))
                    .getMessage();
            assertTrue(
                    failure.startsWith(
                            "store postgresql failures cannot claim: others held its locks for too long; try again"),
                    failure);
        });
        assertEquals(1, member.claim(TestJobs.claiming(1)).jobs().size());
        hasty.close();
    }

    /** A claim under way holds the node's row; whoever ends the node waits for it, so no claim comes after the end. */
    @Test
    void endsANodeOnlyAfterItsClaimUnderWay() throws Exception {
        // given
        Node old = Node.of("worker", UUID.randomUUID());
        store.join(JoinRequest.of(old, Duration.ofSeconds(6), () -> {}));
        Node next = Node.of("worker", UUID.randomUUID());
        ExecutorService threads = Executors.newSingleThreadExecutor();
        JobInfo job = TestJobs.job("late").info();
        store.insert(List.of(TestJobs.job("late")));
        try (Connection claim = PostgresServer.unpooled().getConnection();
                Statement sql = claim.createStatement()) {
            claim.setAutoCommit(false);
            sql.execute("select 1 from failures.node where name = 'worker' for key share");
            // when
            Future<StoreSession> joined = threads.submit(() -> store.join(
                    JoinRequest.of(next, Duration.ofSeconds(6), () -> {}).replacing(old)));
            assertThrows(TimeoutException.class, () -> joined.get(300, MILLISECONDS));
            sql.execute("with taken as (delete from failures.ready returning id)"
                    + " insert into failures.lease (node, claimed_at, ids, attempts)"
                    + " select node, 0, array[id], array[1] from taken, failures.node where name = 'worker'");
            claim.commit();
            joined.get(30, SECONDS);
        }
        // then
        List<JobInfo> orphans =
                store.list(JobQuery.of(JobFilter.any().orphans())).jobs();
        assertEquals(List.of(job.id()), orphans.stream().map(JobInfo::id).toList());
        threads.shutdown();
    }

    /** A recoverer must not wait for a claim that may never end. */
    @Test
    void passesOverASilentNodeThatClaims() throws Exception {
        // given
        Node silent = Node.of("silent", UUID.randomUUID());
        store.join(JoinRequest.of(silent, Duration.ofMillis(1), () -> {}));
        Lapse lapse = awaitLapse();
        inATransaction(sql -> {
            sql.execute("select 1 from failures.node where name = 'silent' for key share");
            // when
            Heartbeat beat = session.heartbeat(Set.of(lapse));
            // then
            assertEquals(List.of(lapse), beat.runOut());
        });
        assertEquals(List.of(), session.heartbeat(Set.of(lapse)).runOut());
    }

    private Lapse awaitLapse() {
        long deadline = System.nanoTime() + SECONDS.toNanos(30);
        while (System.nanoTime() < deadline) {
            List<Lapse> runOut = session.heartbeat(Set.of()).runOut();
            if (!runOut.isEmpty()) {
                return runOut.get(0);
            }
        }
        throw new AssertionError("no lease ran out");
    }

    @Test
    void waitsABoundedTimeForAnIdThatAnotherTransactionInserts() throws Exception {
        PostgresJobStore hasty = open(PostgresServer.source(), Duration.ofMillis(600));
        try (Connection connection = PostgresServer.unpooled().getConnection()) {
            connection.setAutoCommit(false);
            store.within(connection).insert(TestJobs.jobs(1));
            // then
            assertThrows(StoreException.class, () -> hasty.insert(TestJobs.jobs(2)));
            connection.rollback();
        }
        assertEquals(List.of(InsertOutcome.stored(), InsertOutcome.stored()), hasty.insert(TestJobs.jobs(2)));
        hasty.close();
    }

    @Test
    void passesOverALockedJobAndLetsACancelWaitNoLongerThanACall() throws Exception {
        // given
        Job job = TestJobs.job("contended");
        store.insert(List.of(job));
        inATransaction(sql -> {
            sql.execute("select 1 from failures.ready for update");
            // then: a claim passes over what is locked, and a cancel waits no longer than it may
            assertEquals(List.of(), session.claim(TestJobs.claiming(1)).jobs());
            assertThrows(
                    StoreException.class,
                    () -> open(PostgresServer.source(), Duration.ofMillis(600))
                            .apply(List.of(Change.cancel(job.info(), TestJobs.NOW))));
        });
        assertEquals(1, session.claim(TestJobs.claiming(1)).jobs().size());
    }

    @Test
    void keepsItsOwnIsolationAndDurabilityWhateverTheHostsDefaults() throws Exception {
        // given
        PostgresServer.sql(
                "create table failures.seen (isolation text, durability text, jit text)",
                "create function failures.see() returns trigger language plpgsql as $$ begin"
                        + " insert into failures.seen values (current_setting('transaction_isolation'),"
                        + " current_setting('synchronous_commit'), current_setting('jit')); return new; end $$",
                "create trigger see after insert on failures.job for each row execute function failures.see()");
        PGSimpleDataSource odd = (PGSimpleDataSource) PostgresServer.unpooled();
        odd.setOptions("-c default_transaction_isolation=serializable -c default_transaction_read_only=on"
                + " -c synchronous_commit=off -c jit=on");
        // when
        PostgresJobStore store = open(odd, Duration.ofSeconds(6));
        store.insert(TestJobs.jobs(1));
        store.close();
        // then
        assertEquals(
                List.of("read committed on off"),
                PostgresServer.sql("select isolation || ' ' || durability || ' ' || jit from failures.seen"));
        PostgresServer.sql("drop table failures.seen", "drop function failures.see cascade");
    }

    @Test
    void givesConnectionsBackAsTheyWere() throws Exception {
        // given
        try (HikariDataSource pool = PostgresServer.pool(1, "given back")) {
            String before = settings(pool);
            PostgresJobStore own = open(pool, Duration.ofSeconds(6));
            // when
            own.insert(TestJobs.jobs(1));
            own.insert(TestJobs.jobs(1)); // which fails first
            // then
            assertEquals(before, settings(pool));
            own.close();
        }
    }

    private static String settings(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet answer =
                        statement.executeQuery("select string_agg(name || '=' || setting, ' ' order by name) || "
                                + "pg_current_xact_id_if_assigned() is null from pg_settings")) {
            answer.next();
            return connection.getAutoCommit() + " " + connection.getNetworkTimeout() + " " + answer.getString(1);
        }
    }

    @Test
    void worksOnConnectionsWithoutAutoCommit() throws Exception {
        // given
        List<Connection> given = new ArrayList<>();
        DataSource source = connections(connection -> {
            connection.setAutoCommit(false);
            given.add(connection);
            return connection;
        });
        PostgresJobStore own = open(source, Duration.ofSeconds(6));
        // when
        own.insert(TestJobs.jobs(1));
        own.insert(TestJobs.jobs(1));
        // then
        assertEquals(
                TestJobs.jobs(1).get(0), own.find(TestJobs.jobs(1).get(0).id()).orElseThrow());
        own.close();
    }

    @Test
    void saysThatThePoolGaveNoConnection() {
        // given
        AtomicBoolean empty = new AtomicBoolean();
        PostgresJobStore own = open(
                connections(connection -> {
                    if (empty.get()) {
                        connection.close();
                        throw new SQLTransientConnectionException("none within 3 s");
                    }
                    return connection;
                }),
                Duration.ofSeconds(6));
        // when
        empty.set(true);
        String failure = assertThrows(StoreException.class, () -> own.insert(TestJobs.jobs(1)))
                .getMessage();
        empty.set(false);
        // then
        assertEquals(
                "store postgresql failures cannot insert: no connection or no sensible answer came (none within 3 s)",
                failure);
        assertEquals(1, own.insert(TestJobs.jobs(1)).size());
        own.close();
    }

    @Test
    void goesOnAfterTheServerEndedItsConnections() {
        // given
        try (HikariDataSource pool = PostgresServer.pool(2, "ended")) {
            PostgresJobStore own = open(pool, Duration.ofSeconds(6));
            own.insert(TestJobs.jobs(1));
            // when
            PostgresServer.sql(
                    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ended'");
            // then
            Job job = TestJobs.job("after");
            boolean stored = false;
            for (int tries = 0; tries < 10 && !stored; tries++) {
                try {
                    own.insert(List.of(job));
                    stored = true;
                } catch (StoreException lost) {
                    // as it may
                }
            }
            assertEquals(job, own.find(job.id()).orElseThrow());
            own.close();
        }
    }

    @Test
    void doesNotKnowWhatBecameOfACallWhoseAnswerIsLost() throws Exception {
        // given
        JobInfo job = claimed();
        PostgresJobStore unlucky =
                open(connections(PostgresFailureTest::losingAnswersOfCommits), Duration.ofSeconds(6));
        // then
        assertThrows(OutcomeUnknownException.class, () -> unlucky.apply(List.of(Change.complete(job, TestJobs.NOW))));
        assertEquals(JobStatus.COMPLETED, statusOf(job));
        assertThrows(OutcomeUnknownException.class, () -> unlucky.insert(List.of(TestJobs.job("lost"))));
        assertTrue(store.find(TestJobs.job("lost").id()).isPresent());
        StoreException read = assertThrows(StoreException.class, () -> unlucky.find(job.id()));
        assertEquals(StoreException.class, read.getClass());
        unlucky.close();
    }

    private interface Wrapping {
        Connection wrap(Connection connection) throws SQLException;
    }

    private static DataSource connections(Wrapping wrapping) {
        DataSource source = PostgresServer.unpooled();
        return (DataSource) Proxy.newProxyInstance(
                PostgresFailureTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> wrapping.wrap(source.getConnection()));
    }

    /** Once the store is open: what it commits is done, and the answer never comes. */
    private static Connection losingAnswersOfCommits(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                PostgresFailureTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    Object result = invoke(connection, method, arguments);
                    String sql = arguments == null || arguments.length == 0 ? "" : "" + arguments[0];
                    boolean loses = sql.contains("failures") && sql.endsWith("; commit") && !sql.contains("\"kind\"");
                    return result instanceof PreparedStatement statement && loses ? losingAnswers(statement) : result;
                });
    }

    private static PreparedStatement losingAnswers(PreparedStatement statement) {
        return (PreparedStatement) Proxy.newProxyInstance(
                PostgresFailureTest.class.getClassLoader(),
                new Class<?>[] {PreparedStatement.class},
                (proxy, method, arguments) -> {
                    Object result = invoke(statement, method, arguments);
                    if (method.getName().equals("execute")) {
                        throw new SQLException("the answer was lost", "08006");
                    }
                    return result;
                });
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** Results, recoveries and cancels of the same jobs, in any order and all at once, get into nobody's way. */
    @Test
    void showsNoDeadlockToAnyone() throws Exception {
        // given
        int jobs = 60;
        ExecutorService threads = Executors.newFixedThreadPool(6);
        CountDownLatch start = new CountDownLatch(1);
        store.insert(TestJobs.jobs(jobs));
        List<Future<Integer>> works = new ArrayList<>();
        for (int thread = 0; thread < 6; thread++) {
            Random random = new Random(thread);
            works.add(threads.submit(() -> {
                start.await();
                int applied = 0;
                for (int round = 0; round < 40; round++) {
                    session.claim(TestJobs.claiming(1 + random.nextInt(20)));
                    List<JobInfo> all = new ArrayList<>(
                            store.list(JobQuery.of(JobFilter.any()).withLimit(jobs))
                                    .jobs());
                    Collections.shuffle(all, random);
                    List<Change> changes =
                            all.stream().map(job -> anyChange(job, random)).toList();
                    applied += store.apply(changes).stream()
                            .mapToInt(outcome -> outcome.isApplied() ? 1 : 0)
                            .sum();
                }
                return applied;
            }));
        }
        // when
        start.countDown();
        // then
        for (Future<Integer> work : works) {
            assertTrue(work.get(60, SECONDS) > 0);
        }
        threads.shutdown();
        assertEquals(
                jobs,
                store.list(JobQuery.of(JobFilter.any()).withLimit(1_000)).jobs().size());
    }

    private static Change anyChange(JobInfo job, Random random) {
        return switch (job.status()) {
            case PENDING -> Change.amend(job, TestJobs.NOW).withPriority(random.nextInt(10));
            case PROCESSING ->
                random.nextBoolean() ? Change.recover(job, TestJobs.NOW) : Change.fail(job, TestJobs.NOW, "no");
            case FAILED -> Change.retry(job, TestJobs.NOW);
            case COMPLETED, CANCELLED -> throw new AssertionError(job);
        };
    }
}
