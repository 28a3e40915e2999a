package dev.jobqueue.store.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.End;
import dev.jobqueue.store.Heartbeat;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.Lapse;
import dev.jobqueue.store.NotMemberException;
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
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes wrong between a store and its database: it ends in time, and is said to be what it is. */
class MariaDbFailureTest {
    private MariaDbJobStore store;
    private StoreSession session;

    @BeforeEach
    void setUp() {
        MariaDbTestServer.clear("failures");
        store = open(MariaDbTestServer.source(), Duration.ofSeconds(6));
        session = TestJobs.join(store);
    }

    @AfterEach
    void tearDown() {
        store.close();
    }

    private static MariaDbJobStore open(DataSource source, Duration callBound) {
        return MariaDbJobStore.open(
                source, options -> options.withSchema("failures").withCallBound(callBound));
    }

    private interface SqlWork {
        void run(Statement sql) throws Exception;
    }

    /** Somebody else's transaction, which holds its locks meanwhile. */
    private static void inATransaction(SqlWork work) throws Exception {
        try (Connection connection = MariaDbTestServer.unpooled("").getConnection();
                Statement statement = connection.createStatement()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
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
        MariaDbJobStore hasty = open(MariaDbTestServer.source(), Duration.ofSeconds(3));
        Node node = Node.of("hasty", UUID.randomUUID());
        StoreSession member = hasty.join(JoinRequest.of(node, Duration.ofSeconds(6), () -> {}));
        inATransaction(sql -> {
            sql.execute("select * from failures.node where name = 'hasty' for update");
            String failure = assertThrows(StoreException.class, () -> member.claim(TestJobs.claiming(1)))
                    .getMessage();
            assertTrue(
                    failure.startsWith(
                            "store mariadb failures cannot claim: others held its locks for too long; try again"),
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
        StoreSession before = store.join(JoinRequest.of(old, Duration.ofSeconds(6), () -> {}));
        JoinRequest successor = JoinRequest.of(Node.of("worker", UUID.randomUUID()), Duration.ofSeconds(6), () -> {});
        List<Future<StoreSession>> joining = new ArrayList<>();
        inATransaction(sql -> {
            sql.execute("select * from failures.node where name = 'worker' lock in share mode");
            // when
            joining.add(CompletableFuture.supplyAsync(() -> store.join(successor.replacing(old))));
            assertThrows(TimeoutException.class, () -> joining.get(0).get(1, SECONDS));
        });
        // then
        joining.get(0).get(30, SECONDS);
        assertEquals(
                Optional.of(End.SUPERSEDED),
                assertThrows(NotMemberException.class, () -> before.claim(TestJobs.claiming(1)))
                        .ended());
    }

    /** A recoverer must not wait for a claim that may never end. */
    @Test
    void passesOverASilentNodeThatClaims() throws Exception {
        // given
        Node silent = Node.of("silent", UUID.randomUUID());
        store.join(JoinRequest.of(silent, Duration.ofMillis(1), () -> {}));
        Lapse lapse = awaitLapse();
        inATransaction(sql -> {
            sql.execute("select * from failures.node where name = 'silent' lock in share mode");
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
    void leavesNoTransactionOpenAfterAFailure() throws Exception {
        // given
        JobInfo job = claimed();
        try (HikariDataSource pool = MariaDbTestServer.pool(1, "")) {
            MariaDbJobStore hasty = open(pool, Duration.ofMillis(900));
            inATransaction(sql -> {
                sql.execute("select 1 from failures.lease for update");
                // when
                assertThrows(StoreException.class, () -> hasty.apply(List.of(Change.complete(job, TestJobs.NOW))));
                // then
                assertEquals("0", one(pool, "select @@in_transaction"));
            });
            assertEquals(List.of(ApplyOutcome.applied()), hasty.apply(List.of(Change.complete(job, TestJobs.NOW))));
            hasty.close();
        }
    }

    private static String one(DataSource source, String query) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(query)) {
            answer.next();
            return answer.getString(1);
        }
    }

    @Test
    void keepsItsOwnIsolationAndStrictnessWhateverTheHostsDefaults() throws Exception {
        // given
        claimed();
        MariaDbTestServer.sql(
                "create or replace table failures.seen (isolation text, mode text)",
                "create or replace trigger failures.see before insert on failures.finished for each row"
                        + " insert into failures.seen select trx_isolation_level, @@sql_mode"
                        + " from information_schema.innodb_trx where trx_mysql_thread_id = connection_id()");
        try (HikariDataSource pool = MariaDbTestServer.pool(
                1, "?sessionVariables=sql_mode='',tx_isolation='SERIALIZABLE',tx_read_only=1,autocommit=0")) {
            MariaDbJobStore own = open(pool, Duration.ofSeconds(6));
            // when
            own.apply(List.of(Change.cancel(TestJobs.job("job 0", with -> with).info(), TestJobs.NOW)));
            own.insert(List.of(TestJobs.job("new")));
            own.close();
        }
        // then
        assertTrue(store.find(TestJobs.job("new").id()).isPresent());
        store.apply(List.of(Change.cancel(TestJobs.job("new").info(), TestJobs.NOW)));
        assertEquals(List.of("READ COMMITTED"), MariaDbTestServer.sql("select distinct isolation from failures.seen"));
        MariaDbTestServer.sql("drop trigger failures.see", "drop table failures.seen");
    }

    @Test
    void givesConnectionsBackAsTheyWere() throws Exception {
        // given
        try (HikariDataSource pool = MariaDbTestServer.pool(1, "?sessionVariables=idle_transaction_timeout=777")) {
            String settings = "select group_concat(variable_name, '=', variable_value order by 1)"
                    + " from information_schema.session_variables where variable_name not in ('timestamp')";
            String before = one(pool, settings);
            MariaDbJobStore own = open(pool, Duration.ofSeconds(6));
            // when
            own.insert(TestJobs.jobs(1));
            own.insert(TestJobs.jobs(2)); // which fails first
            own.find(TestJobs.job("job 0").id());
            // then
            assertEquals(before, one(pool, settings));
            own.close();
        }
    }

    @Test
    void worksOnConnectionsWithoutAutoCommit() {
        // given
        DataSource source = connections(connection -> {
            connection.setAutoCommit(false);
            return connection;
        });
        MariaDbJobStore own = open(source, Duration.ofSeconds(6));
        // when
        own.insert(TestJobs.jobs(1));
        // then
        assertEquals(
                TestJobs.jobs(1).get(0), own.find(TestJobs.jobs(1).get(0).id()).orElseThrow());
        own.close();
    }

    private static HikariDataSource impatient(DataSource source) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(500);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    @Test
    void saysThatThePoolGaveNoConnection() throws SQLException {
        try (HikariDataSource pool = impatient(MariaDbTestServer.unpooled(""));
                MariaDbJobStore own = open(pool, Duration.ofSeconds(6))) {
            // when
            String failure;
            try (Connection taken = pool.getConnection()) {
                assertTrue(taken.isValid(10));
                failure = assertThrows(StoreException.class, () -> own.insert(TestJobs.jobs(1)))
                        .getMessage();
            }
            // then
            assertTrue(
                    failure.startsWith("store mariadb failures cannot insert: the connection was lost or never made ("),
                    failure);
            assertEquals(1, own.insert(TestJobs.jobs(1)).size());
        }
    }

    /** A pool tells only that it has none, and keeps the reason as the cause. */
    @Test
    void saysWhyThePoolGaveNoConnection() {
        try (HikariDataSource pool = impatient(MariaDbTestServer.as("stranger"))) {
            String failure = assertThrows(StoreException.class, () -> open(pool, Duration.ofSeconds(6)))
                    .getMessage();
            assertTrue(failure.contains("cannot be opened: the server refuses its user or password ("), failure);
            assertTrue(failure.contains("Access denied for user 'stranger'"), failure);
        }
    }

    /** What a pool keeps longer than the server's wait_timeout is dead, and one that does not look gives it out. */
    @Test
    void goesOnAfterTheServerEndedAnIdleConnection() throws Exception {
        // given
        Deque<Connection> idle = new ArrayDeque<>();
        DataSource source = MariaDbTestServer.unpooled("?sessionVariables=wait_timeout=1");
        try (MariaDbJobStore own =
                open(connections(opened -> idle.isEmpty() ? opened : idle.pop()), Duration.ofSeconds(6))) {
            Connection old = source.getConnection();
            awaitEnd(one(old));
            // when
            idle.push(old);
            StoreException failure = assertThrows(StoreException.class, () -> own.insert(TestJobs.jobs(1)));
            // then
            assertTrue(failure.getMessage().contains("the connection was lost or never made ("), failure::getMessage);
            assertTrue(old.isClosed());
            assertEquals(1, own.insert(TestJobs.jobs(1)).size());
        }
    }

    private static void awaitEnd(String connection) {
        long deadline = System.nanoTime() + SECONDS.toNanos(30);
        while (System.nanoTime() < deadline) {
            if (MariaDbTestServer.sql("select 1 from information_schema.processlist where id = " + connection)
                    .isEmpty()) {
                return;
            }
        }
        throw new AssertionError("it did not end");
    }

    @Test
    void saysThatTheDatabaseIsReadOnlyAndGoesOnAfterwards() {
        // given
        MariaDbTestServer.sql(
                "create or replace user worker@localhost identified by 'worker'",
                "grant select, insert, update, delete on failures.* to worker@localhost");
        try (MariaDbJobStore own = open(MariaDbTestServer.as("worker"), Duration.ofSeconds(6))) {
            // when
            MariaDbTestServer.sql("set global read_only = 1");
            String failure;
            try {
                failure = assertThrows(StoreException.class, () -> own.insert(TestJobs.jobs(1)))
                        .getMessage();
            } finally {
                MariaDbTestServer.sql("set global read_only = 0");
            }
            // then
            assertTrue(
                    failure.startsWith(
                            "store mariadb failures cannot insert: the database is read-only; connect to the primary ("),
                    failure);
            assertEquals(1, own.insert(TestJobs.jobs(1)).size());
        }
    }

    @Test
    void goesOnAfterTheServerEndedItsConnections() {
        // given
        JobInfo job = claimed();
        try (HikariDataSource pool = MariaDbTestServer.pool(1, "")) {
            MariaDbJobStore own = open(pool, Duration.ofSeconds(6));
            DataSource first = connections(connection -> {
                MariaDbTestServer.sql("kill " + one(connection));
                return connection;
            });
            // then
            assertThrows(StoreException.class, () -> open(first, Duration.ofSeconds(6)));
            assertEquals(job, own.find(job.id()).orElseThrow().info());
            own.close();
        }
    }

    private static String one(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("select connection_id()")) {
            answer.next();
            return answer.getString(1);
        }
    }

    @Test
    void doesNotKnowWhatBecameOfACallWhoseAnswerIsLost() {
        // given
        JobInfo job = claimed();
        MariaDbJobStore unlucky = open(connections(MariaDbFailureTest::losingAnswersOfCommits), Duration.ofSeconds(6));
        // then
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
        DataSource source = MariaDbTestServer.unpooled("");
        return (DataSource) Proxy.newProxyInstance(
                MariaDbFailureTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> wrapping.wrap(source.getConnection()));
    }

    /** Once the store is open: what it commits is done, and the answer never comes. */
    private static Connection losingAnswersOfCommits(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                MariaDbFailureTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    Object result = invoke(connection, method, arguments);
                    String sql = arguments == null || arguments.length == 0 ? "" : "" + arguments[0];
                    boolean loses = sql.contains("commit; ") && !sql.contains("`kind` (");
                    return result instanceof PreparedStatement statement && loses ? losingAnswers(statement) : result;
                });
    }

    private static PreparedStatement losingAnswers(PreparedStatement statement) {
        return (PreparedStatement) Proxy.newProxyInstance(
                MariaDbFailureTest.class.getClassLoader(),
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

    /** Submits of ids that others submit too, claims, and results in any order, from 64 threads at once. */
    @Test
    void showsNoDeadlockToAnyone() throws Exception {
        // given
        int threads = 64;
        int rounds = 10;
        AtomicInteger completed = new AtomicInteger();
        AtomicInteger stored = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CountDownLatch start = new CountDownLatch(1);
        try (HikariDataSource connections = MariaDbTestServer.pool(threads, "")) {
            MariaDbJobStore many = open(connections, Duration.ofSeconds(20));
            StoreSession member = TestJobs.join(many, "many");
            List<Future<?>> works = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int offset = thread / 2 * 5; // each id is submitted twice
                works.add(pool.submit(() -> {
                    start.await();
                    for (int round = 0; round < rounds; round++) {
                        List<Job> jobs = new ArrayList<>();
                        for (int i = 0; i < 5; i++) {
                            jobs.add(TestJobs.job("round " + round + " job " + (offset + i)));
                        }
                        stored.addAndGet(Collections.frequency(many.insert(jobs), InsertOutcome.stored()));
                        List<Job> mine = member.claim(TestJobs.claiming(7)).jobs();
                        for (Job job : mine) {
                            completed.addAndGet(applied(many, Change.complete(job.info(), TestJobs.NOW)));
                        }
                    }
                    return null;
                }));
            }
            // when
            start.countDown();
            // then
            for (Future<?> work : works) {
                work.get(60, SECONDS);
            }
            List<Job> left = member.claim(TestJobs.claiming(1_000)).jobs();
            assertEquals(threads / 2 * 5 * rounds, stored.get());
            assertEquals(threads / 2 * 5 * rounds, completed.get() + left.size());
            many.close();
        }
        pool.shutdown();
    }

    private static int applied(MariaDbJobStore store, Change change) {
        return store.apply(List.of(change)).get(0).isApplied() ? 1 : 0;
    }
}
