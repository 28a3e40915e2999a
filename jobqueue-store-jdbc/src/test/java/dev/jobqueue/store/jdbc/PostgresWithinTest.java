package dev.jobqueue.store.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JobWriter;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreSession;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs are written in the host's own transaction: with it or not at all. */
class PostgresWithinTest {
    private PostgresJobStore store;
    private StoreSession session;
    private Connection connection;

    @BeforeEach
    void setUp() throws SQLException {
        PostgresServer.clear("within");
        store = PostgresJobStore.open(PostgresServer.source(), options -> options.withSchema("within"));
        session = TestJobs.join(store);
        PostgresServer.sql("create table if not exists orders (name text)", "delete from orders");
        connection = PostgresServer.unpooled().getConnection();
        connection.setAutoCommit(false);
    }

    @AfterEach
    void tearDown() throws SQLException {
        connection.close();
        store.close();
    }

    private void order(String name) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("insert into orders values ('" + name + "')");
        }
    }

    private static List<String> orders() {
        return PostgresServer.sql("select name from orders");
    }

    private JobInfo claimed() {
        store.insert(TestJobs.jobs(1));
        return session.claim(TestJobs.claiming(1)).jobs().get(0).info();
    }

    private Optional<JobStatus> statusOf(Job job) {
        return store.find(job.id()).map(found -> found.info().status());
    }

    @Test
    void insertsWithTheCommitAndNotBefore() throws SQLException {
        // given
        Job job = TestJobs.job("order");
        // when
        order("one");
        assertEquals(List.of(InsertOutcome.stored()), store.within(connection).insert(List.of(job)));
        // then
        assertEquals(Optional.empty(), statusOf(job));
        assertEquals(List.of(), session.claim(TestJobs.claiming(1)).jobs());
        connection.commit();
        assertEquals(List.of("one"), orders());
        assertEquals(1, session.claim(TestJobs.claiming(1)).jobs().size());
    }

    @Test
    void insertsNothingWithARollback() throws SQLException {
        // given
        Job job = TestJobs.job("order");
        // when
        store.within(connection).insert(List.of(job));
        connection.rollback();
        // then
        assertEquals(Optional.empty(), statusOf(job));
    }

    @Test
    void leavesTheTransactionUsableWhenAnIdIsThereAlready() throws SQLException {
        // given
        store.insert(List.of(TestJobs.job("there")));
        // when
        List<InsertOutcome> outcomes =
                store.within(connection).insert(List.of(TestJobs.job("there"), TestJobs.job("new")));
        order("one");
        connection.commit();
        // then
        assertEquals(List.of(InsertOutcome.sameId(), InsertOutcome.stored()), outcomes);
        assertEquals(List.of("one"), orders());
    }

    @Test
    void completesWithTheCommit() throws SQLException {
        // given
        JobInfo job = claimed();
        // when
        order("one");
        assertEquals(
                List.of(ApplyOutcome.applied()),
                store.within(connection).apply(List.of(Change.complete(job, TestJobs.NOW))));
        // then
        assertEquals(
                JobStatus.PROCESSING, store.find(job.id()).orElseThrow().info().status());
        connection.commit();
        assertEquals(
                JobStatus.COMPLETED, store.find(job.id()).orElseThrow().info().status());
        assertEquals(List.of("one"), orders());
    }

    @Test
    void completesNothingWithARollback() throws SQLException {
        // given
        JobInfo job = claimed();
        // when
        store.within(connection).apply(List.of(Change.complete(job, TestJobs.NOW)));
        connection.rollback();
        // then
        assertEquals(job, store.find(job.id()).orElseThrow().info());
        assertEquals(List.of(ApplyOutcome.applied()), store.apply(List.of(Change.complete(job, TestJobs.NOW))));
    }

    @Test
    void saysThatACompletionIsFencedAndLeavesTheRestToTheHost() throws SQLException {
        // given
        JobInfo job = claimed();
        store.apply(List.of(Change.recover(job, TestJobs.NOW)));
        // when
        order("one");
        List<ApplyOutcome> outcomes = store.within(connection).apply(List.of(Change.complete(job, TestJobs.NOW)));
        connection.rollback();
        // then
        assertEquals(List.of(ApplyOutcome.stale(JobStatus.PENDING, 1)), outcomes);
        assertEquals(List.of(), orders());
    }

    @Test
    void completesByStatusAndAttemptWithoutAHint() throws SQLException {
        // given
        JobInfo job = claimed().toBuilder().hint(null).build();
        // when
        List<ApplyOutcome> outcomes = store.within(connection).apply(List.of(Change.complete(job, TestJobs.NOW)));
        connection.commit();
        // then
        assertEquals(List.of(ApplyOutcome.applied()), outcomes);
        assertEquals(
                JobStatus.COMPLETED, store.find(job.id()).orElseThrow().info().status());
    }

    @Test
    void wakesNodesWhenItIsCommitted() throws Exception {
        // given
        Semaphore woken = new Semaphore(0);
        PostgresJobStore own = PostgresJobStore.open(PostgresServer.source(), options -> options.withSchema("within"));
        own.join(JoinRequest.of(Node.of("sleeper", UUID.randomUUID()), Duration.ofSeconds(6), woken::release));
        assertTrue(woken.tryAcquire(30, SECONDS)); // it listens
        // when
        own.within(connection).insert(TestJobs.jobs(1));
        assertEquals(0, woken.availablePermits());
        connection.commit();
        // then
        assertTrue(woken.tryAcquire(30, SECONDS), "nobody was woken");
        own.close();
    }

    @Test
    void keepsTheHostsSettings() throws SQLException {
        // given
        String before = settings();
        // when
        store.within(connection).insert(TestJobs.jobs(1));
        // then
        assertEquals(before, settings());
        assertFalse(connection.getAutoCommit());
    }

    private String settings() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(
                        "select string_agg(name || '=' || setting, ' ' order by name) from pg_settings")) {
            answer.next();
            return answer.getString(1);
        }
    }

    @Test
    void refusesAutoCommit() throws SQLException {
        connection.setAutoCommit(true);
        String refusal = assertThrows(IllegalArgumentException.class, () -> store.within(connection))
                .getMessage();
        assertEquals("a caller's transaction needs a connection with auto-commit off", refusal);
    }

    @Test
    void refusesOtherIsolation() throws SQLException {
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        String refusal = assertThrows(IllegalArgumentException.class, () -> store.within(connection))
                .getMessage();
        assertEquals("a caller's transaction must be READ COMMITTED (2 in JDBC), but was 4", refusal);
    }

    @Test
    void saysThatNothingIsDoneWhenTheTransactionIsBrokenAlready() throws SQLException {
        // given
        JobWriter writer = store.within(connection);
        assertThrows(SQLException.class, () -> order("' || 1 / 0 || '"));
        // then
        assertThrows(StoreException.class, () -> writer.insert(TestJobs.jobs(1)));
        connection.rollback();
        assertEquals(1, writer.insert(TestJobs.jobs(1)).size());
    }

    @Test
    void refusesWhatNoStoreTakes() throws SQLException {
        JobWriter writer = store.within(connection);
        assertThrows(IllegalArgumentException.class, () -> writer.insert(List.of()));
        assertThrows(IllegalArgumentException.class, () -> writer.apply(List.of()));
    }

    @Test
    void refusesAClosedStore() {
        store.close();
        assertThrows(StoreException.class, () -> store.within(connection));
    }

    /** A job's lease is locked until the host commits; results of other jobs of the same batch wait, but not for ever. */
    @Test
    void letsOtherResultsOfTheBatchWaitNoLongerThanACall() throws SQLException {
        // given
        store.insert(TestJobs.jobs(2));
        List<Job> both = session.claim(TestJobs.claiming(2)).jobs();
        PostgresJobStore hasty = PostgresJobStore.open(
                PostgresServer.source(), options -> options.withSchema("within").withCallBound(Duration.ofMillis(900)));
        store.within(connection).apply(List.of(Change.complete(both.get(0).info(), TestJobs.NOW)));
        List<Change> other = List.of(Change.complete(both.get(1).info(), TestJobs.NOW));
        // then
        assertThrows(StoreException.class, () -> hasty.apply(other));
        connection.commit();
        assertEquals(List.of(ApplyOutcome.applied()), hasty.apply(other));
        hasty.close();
    }
}
