package dev.jobqueue.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction on a connection of the host's. Its begin and settings go along with its first statement, and its commit
 * with the one that is said to be the last: so a call of one statement is one round trip, and no lock waits for the
 * client. Not thread-safe.
 */
final class Transaction {
    /** The state of a failure that was none of the database's: there was no time left to ask it. */
    static final String OVER = "HYT00";

    private final Connection connection;
    private final Dialect.Framing framing;
    private final @Nullable Long deadline;
    private boolean begun;
    private boolean committing;
    private int roundTrips;

    private Transaction(Connection connection, Dialect.Framing framing, @Nullable Long deadline) {
        this.connection = connection;
        this.framing = framing;
        this.deadline = deadline;
    }

    /**
     * One of our own, on a connection in auto-commit as far as JDBC knows.
     *
     * @param deadline in {@link System#nanoTime()}
     */
    static Transaction own(Connection connection, Dialect.Framing framing, long deadline) {
        return new Transaction(connection, framing, deadline);
    }

    /** The caller's, who began it and will commit it. */
    static Transaction callers(Connection connection, Dialect.Framing framing) {
        return new Transaction(connection, framing, null);
    }

    /** What a call does in its transaction. It may be run again after a deadlock. */
    interface Work<T> {
        T run(Transaction sql) throws SQLException;
    }

    /** Runs statements, separated by semicolons; the rows that the last of them answers. */
    <T> List<T> query(String sql, Parameters.Binding binding, Statements.RowReader<T> reader) throws SQLException {
        committing = false;
        return execute(sql, binding, reader);
    }

    /** The same, and commits with it. */
    <T> List<T> last(String sql, Parameters.Binding binding, Statements.RowReader<T> reader) throws SQLException {
        committing = deadline != null;
        List<T> rows = execute(sql, binding, reader);
        committing = false;
        begun = false;
        return rows;
    }

    private <T> List<T> execute(String sql, Parameters.Binding binding, Statements.RowReader<T> reader)
            throws SQLException {
        boolean begins = deadline != null && !begun;
        if (deadline != null) {
            connection.setNetworkTimeout(Runnable::run, millisLeft(deadline));
            begun = true;
        }
        roundTrips++;
        try (PreparedStatement statement = connection.prepareStatement(framing.around(sql, begins, committing))) {
            binding.bind(new Parameters(statement));
            ResultSet answer = lastAnswer(statement, begins ? framing.answersOfBeginning() : 0);
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

    private static int millisLeft(long deadline) throws SQLTimeoutException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SQLTimeoutException("the time of the call was over", OVER);
        }
        return Math.toIntExact(left);
    }

    /** Undoes all since the last commit; what follows begins anew. */
    void rollBack() throws SQLException {
        if (begun) {
            begun = false;
            roundTrips++;
            try (Statement statement = connection.createStatement()) {
                statement.execute(framing.undo());
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
