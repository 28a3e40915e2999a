package dev.jobqueue.store.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/** A statement's parameters, bound in their order. */
final class Parameters {
    private final PreparedStatement statement;
    private int last;

    Parameters(PreparedStatement statement) {
        this.statement = statement;
    }

    /** What binds the parameters of a statement. */
    interface Binding {
        void bind(Parameters parameters) throws SQLException;
    }

    /** What binds the parameters of one row of several. */
    interface RowBinding<T> {
        void bind(Parameters parameters, T row) throws SQLException;
    }

    Parameters number(long value) throws SQLException {
        statement.setLong(++last, value);
        return this;
    }

    Parameters text(@Nullable String value) throws SQLException {
        if (value == null) {
            statement.setNull(++last, Types.VARCHAR);
        } else {
            statement.setString(++last, value);
        }
        return this;
    }

    Parameters number(@Nullable Long value) throws SQLException {
        if (value == null) {
            statement.setNull(++last, Types.BIGINT);
            return this;
        }
        return number(value.longValue());
    }

    /** Many values as one parameter, for databases that have arrays; {@code elements} is what they call the type of one. */
    Parameters array(String elements, @Nullable Object[] values) throws SQLException {
        statement.setArray(++last, statement.getConnection().createArrayOf(elements, values));
        return this;
    }

    Parameters bytes(byte @Nullable [] value) throws SQLException {
        if (value == null) {
            statement.setNull(++last, Types.BINARY);
        } else {
            statement.setBytes(++last, value);
        }
        return this;
    }
}
