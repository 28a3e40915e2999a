package dev.jobqueue.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction on a connection of the host's. Its begin and settings go along with its first statement, and its commit
 * with the one that is said to be the last: so a call of one statement is one round trip, and no lock waits for the
 * client. Not thread-safe.
 */
final class PostgresTransaction {
    private final Connection connection;
    private final @Nullable Bounds bounds;
    private boolean begun;
    private boolean committing;
    private int roundTrips;

    private PostgresTransaction(Connection connection, @Nullable Bounds bounds) {
        this.connection = connection;
        this.bounds = bounds;
    }

    /**
     * How it begins, and until when it may take.
     *
     * @param begin begins and sets, and answers one row
     * @param deadline in {@link System#nanoTime()}
     */
    record Bounds(String begin, long deadline) {}

    /** One of our own, on a connection in auto-commit as far as JDBC knows. */
    static PostgresTransaction own(Connection connection, Bounds bounds) {
        return new PostgresTransaction(connection, bounds);
    }

    /** The caller's, who began it and will commit it. */
    static PostgresTransaction callers(Connection connection) {
        return new PostgresTransaction(connection, null);
    }

    /** What a call does in its transaction. */
    interface Work<T> {
        T run(PostgresTransaction sql) throws SQLException;
    }

    /** Runs statements, separated by semicolons; the rows that the last of them answers. */
    <T> List<T> query(String sql, Parameters.Binding binding, Statements.RowReader<T> reader) throws SQLException {
        committing = false;
        return execute(sql, binding, reader);
    }

    /** The same, and commits with it. */
    <T> List<T> last(String sql, Parameters.Binding binding, Statements.RowReader<T> reader) throws SQLException {
        if (bounds == null) {
            return execute(sql, binding, reader);
        }
        committing = true;
        List<T> rows = execute(sql + "; commit", binding, reader);
        committing = false;
        begun = false;
        return rows;
    }

    private <T> List<T> execute(String sql, Parameters.Binding binding, Statements.RowReader<T> reader)
            throws SQLException {
        String text = sql;
        boolean begins = bounds != null && !begun;
        if (bounds != null) {
            connection.setNetworkTimeout(Runnable::run, millisLeft(bounds));
            text = begins ? bounds.begin() + "; " + sql : sql;
            begun = true;
        }
        roundTrips++;
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            binding.bind(new Parameters(statement));
            ResultSet answer = lastAnswer(statement, begins ? 1 : 0);
            List<T> rows = new ArrayList<>();
            while (answer != null && answer.next()) {
                rows.add(reader.read(answer));
            }
            return rows;
        }
    }

    /** The last rows of several answers, unless there are no more than those to skip. */
    private static @Nullable ResultSet lastAnswer(PreparedStatement statement, int skipped) throws SQLException {
        ResultSet last = null;
        int answers = 0;
        boolean rows = statement.execute();
        while (rows || statement.getUpdateCount() >= 0) {
            if (rows && answers++ >= skipped) {
                last = statement.getResultSet();
            }
            rows = statement.getMoreResults(Statement.KEEP_CURRENT_RESULT);
        }
        return last;
    }

    private static int millisLeft(Bounds bounds) throws SQLException {
        long left = (bounds.deadline() - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SQLException("the time of the call was over", PostgresFailure.LOCK_TIMEOUT);
        }
        return Math.toIntExact(left);
    }

    /** Undoes all since the last commit; what follows begins anew. */
    void rollBack() throws SQLException {
        if (begun) {
            begun = false;
            roundTrips++;
            try (Statement statement = connection.createStatement()) {
                statement.execute("rollback");
            }
        }
    }

    /** Whether the last statement took the commit along, and failed. */
    boolean isCommitting() {
        return committing;
    }

    /** Where it runs; for questions that are the driver's to answer. */
    Connection connection() {
        return connection;
    }

    /** How often the server was asked. */
    int roundTrips() {
        return roundTrips;
    }
}
