package dev.jobqueue.store.jdbc;

import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Many rows as parameters: an array a column, for {@code unnest}; so a statement's text does not depend on how many there are. */
final class PostgresColumns<T> {
    private final Parameters parameters;
    private final List<T> rows;

    PostgresColumns(Parameters parameters, List<T> rows) {
        this.parameters = parameters;
        this.rows = rows;
    }

    PostgresColumns<T> uuid(Function<T, UUID> column) throws SQLException {
        return add("uuid", new UUID[rows.size()], column);
    }

    PostgresColumns<T> int4(Function<T, @Nullable Integer> column) throws SQLException {
        return add("int4", new Integer[rows.size()], column);
    }

    PostgresColumns<T> int8(Function<T, @Nullable Long> column) throws SQLException {
        return add("int8", new Long[rows.size()], column);
    }

    PostgresColumns<T> bool(Function<T, Boolean> column) throws SQLException {
        return add("bool", new Boolean[rows.size()], column);
    }

    PostgresColumns<T> text(Function<T, @Nullable String> column) throws SQLException {
        return add("text", new String[rows.size()], column);
    }

    PostgresColumns<T> bytea(Function<T, byte @Nullable []> column) throws SQLException {
        return add("bytea", new byte[rows.size()][], column);
    }

    private PostgresColumns<T> add(
            String type, @Nullable Object[] values, Function<T, ? extends @Nullable Object> column)
            throws SQLException {
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(rows.get(i));
        }
        parameters.array(type, values);
        return this;
    }
}
