package dev.jobqueue.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The statements of one connection: prepared once, run with their parameters, and counted. Not thread-safe.
 *
 * <p>The connection stays in auto-commit as far as JDBC knows; who uses this begins and ends transactions by statements.
 */
final class Statements implements AutoCloseable {
    /** So many rows go into one statement; 250 and 1,000 gained nothing clear when measured, 16 lost a tenth. */
    static final int ROWS = 64;

    /** So many statements stay prepared. A statement of rows is another one for each number of them. */
    private static final int PREPARED = 256;

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new LinkedHashMap<>(16, 0.75f, true);
    private long executed;

    Statements(Connection connection) {
        this.connection = connection;
    }

    /** What reads one row of an answer. */
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    void run(String sql) throws SQLException {
        update(sql, parameters -> {});
    }

    /** Runs what may or may not answer, such as a pragma, once. */
    void set(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The number of rows written. */
    int update(String sql, Parameters.Binding binding) throws SQLException {
        return use(sql, binding, statement -> {
            int written = statement.executeUpdate();
            statement.clearParameters(); // they may hold megabytes
            return written;
        });
    }

    /**
     * Writes rows, {@value #ROWS} a statement.
     *
     * @param head all before the rows, {@code insert into ... values} at its end
     * @param tail all after them
     * @return the number of rows written
     */
    <T> int updateRows(String head, int columns, String tail, List<T> rows, Parameters.RowBinding<T> binding)
            throws SQLException {
        int written = 0;
        for (int from = 0; from < rows.size(); from += ROWS) {
            List<T> some = rows.subList(from, Math.min(from + ROWS, rows.size()));
            String row = "(" + String.join(", ", Collections.nCopies(columns, "?")) + ")";
            String sql = head + " " + String.join(", ", Collections.nCopies(some.size(), row)) + " " + tail;
            written += update(sql, parameters -> {
                for (T one : some) {
                    binding.bind(parameters, one);
                }
            });
        }
        return written;
    }

    <T> List<T> query(String sql, Parameters.Binding binding, RowReader<T> reader) throws SQLException {
        List<T> rows = new ArrayList<>();
        queryWhile(sql, binding, row -> {
            rows.add(reader.read(row));
            return true;
        });
        return rows;
    }

    /** Reads rows for as long as the reader says true. */
    void queryWhile(String sql, Parameters.Binding binding, RowReader<Boolean> reader) throws SQLException {
        use(sql, binding, statement -> {
            try (ResultSet answer = statement.executeQuery()) {
                boolean more = true;
                while (more && answer.next()) {
                    more = reader.read(answer);
                }
                return more;
            }
        });
    }

    private interface Use<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    private <T> T use(String sql, Parameters.Binding binding, Use<T> use) throws SQLException {
        PreparedStatement statement = prepare(sql);
        try {
            binding.bind(new Parameters(statement));
            executed++;
            return use.of(statement);
        } catch (SQLException | RuntimeException e) {
            prepared.remove(sql); // the driver closes a statement that fails
            try {
                statement.close();
            } catch (SQLException also) {
                e.addSuppressed(also);
            }
            throw e;
        }
    }

    /** The only row, if there is one. */
    <T> Optional<T> queryOne(String sql, Parameters.Binding binding, RowReader<T> reader) throws SQLException {
        List<T> rows = query(sql, binding, reader);
        return rows.isEmpty() ? Optional.empty() : Optional.of(rows.get(0));
    }

    /** How many statements were run; for tests of what a call costs. */
    long executed() {
        return executed;
    }

    /** The texts of the statements that are prepared; for tests of their plans. */
    Set<String> texts() {
        return Set.copyOf(prepared.keySet());
    }

    private PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            if (prepared.size() >= PREPARED) {
                Iterator<PreparedStatement> longestUnused = prepared.values().iterator();
                longestUnused.next().close();
                longestUnused.remove();
            }
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        return statement;
    }

    /** Closes the connection, which undoes what was not committed. */
    @Override
    public void close() throws SQLException {
        connection.close(); // the driver closes the statements with it
    }
}
