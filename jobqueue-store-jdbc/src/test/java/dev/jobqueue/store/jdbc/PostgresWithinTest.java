package dev.jobqueue.store.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.Node;
import dev.jobqueue.store.JobWriter;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PostgresWithinTest extends WithinClauses {
    @Override
    DatabaseJobStore open(UnaryOperator<DatabaseOptions> options) {
        return PostgresJobStore.open(PostgresServer.source(), options);
    }

    @Override
    Connection connect() throws SQLException {
        Connection own = PostgresServer.unpooled().getConnection();
        own.setAutoCommit(false);
        return own;
    }

    @Override
    void clear(String schema) {
        PostgresServer.clear(schema);
    }

    @Override
    List<String> sql(String... statements) {
        return PostgresServer.sql(statements);
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
    void saysThatNothingIsDoneWhenTheTransactionIsBrokenAlready() throws SQLException {
        // given
        JobWriter writer = store.within(connection);
        assertThrows(SQLException.class, () -> order("1 / 0"));
        // then
        assertThrows(StoreException.class, () -> writer.insert(TestJobs.jobs(1)));
        connection.rollback();
        assertEquals(1, writer.insert(TestJobs.jobs(1)).size());
    }
}
