package dev.jobqueue.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jobqueue.job.Job;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class MariaDbWithinTest extends WithinClauses {
    @Override
    DatabaseJobStore open(UnaryOperator<DatabaseOptions> options) {
        return MariaDbJobStore.open(MariaDbTestServer.source(), options);
    }

    @Override
    Connection connect() throws SQLException {
        Connection own = MariaDbTestServer.unpooled("").getConnection();
        own.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        own.setAutoCommit(false);
        return own;
    }

    @Override
    void clear(String schema) {
        MariaDbTestServer.clear(schema);
    }

    @Override
    List<String> sql(String... statements) {
        return MariaDbTestServer.sql(statements);
    }

    /** An error leaves a transaction of MariaDB's usable, so half a call must not stay in it. */
    @Test
    void undoesACallThatFailsAndLeavesTheRest() throws SQLException {
        // given
        store.insert(List.of(TestJobs.job("held")));
        Connection other = connect();
        DatabaseJobStore hasty = open(options -> options.withSchema(SCHEMA).withCallBound(Duration.ofMillis(900)));
        List<Job> both = List.of(TestJobs.job("a"), TestJobs.job("z"));
        hasty.within(other).insert(both.subList(1, 2));
        // when: the first of both is stored, and the second waits for the other
        order("'one'");
        assertThrows(StoreException.class, () -> hasty.within(connection).insert(both));
        order("'two'");
        connection.commit();
        other.rollback();
        other.close();
        hasty.close();
        // then
        assertEquals(List.of("one", "two"), orders());
        assertEquals(List.of(InsertOutcome.stored(), InsertOutcome.stored()), store.insert(both));
    }

    @Test
    void keepsTheHostsSettings() throws SQLException {
        // given
        String before = settings();
        // when
        store.within(connection).insert(TestJobs.jobs(1));
        // then
        assertEquals(before, settings());
    }

    private String settings() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(
                        "select group_concat(variable_name, '=', variable_value order by 1)"
                                + " from information_schema.session_variables where variable_name not in ('in_transaction', 'timestamp')")) {
            answer.next();
            return answer.getString(1);
        }
    }
}
