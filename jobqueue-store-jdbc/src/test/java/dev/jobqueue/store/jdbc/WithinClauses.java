package dev.jobqueue.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JobWriter;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreSession;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs are written in the host's own transaction: with it or not at all; whatever the database. */
abstract class WithinClauses {
    static final String SCHEMA = "within";

    DatabaseJobStore store;
    StoreSession session;
    Connection connection;

    abstract DatabaseJobStore open(UnaryOperator<DatabaseOptions> options);

    /** One of the host's own, with READ COMMITTED and auto-commit off. */
    abstract Connection connect() throws SQLException;

    abstract void clear(String schema);

    abstract List<String> sql(String... statements);

    @BeforeEach
    void setUp() throws SQLException {
        clear(SCHEMA);
        store = open(options -> options.withSchema(SCHEMA));
        session = TestJobs.join(store);
        sql("create table if not exists within.orders (name varchar(9))", "delete from within.orders");
        connection = connect();
    }

    @AfterEach
    void tearDown() throws SQLException {
        connection.close();
        store.close();
    }

    void order(String name) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("insert into within.orders values (" + name + ")");
        }
    }

    List<String> orders() {
        return sql("select name from within.orders");
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
        order("'one'");
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
        order("'one'");
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
        order("'one'");
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
        order("'one'");
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
        DatabaseJobStore hasty = open(options -> options.withSchema(SCHEMA).withCallBound(Duration.ofMillis(900)));
        store.within(connection).apply(List.of(Change.complete(both.get(0).info(), TestJobs.NOW)));
        List<Change> other = List.of(Change.complete(both.get(1).info(), TestJobs.NOW));
        // then
        assertThrows(StoreException.class, () -> hasty.apply(other));
        connection.commit();
        assertEquals(List.of(ApplyOutcome.applied()), hasty.apply(other));
        hasty.close();
    }
}
