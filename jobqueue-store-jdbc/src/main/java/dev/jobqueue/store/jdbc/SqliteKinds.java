package dev.jobqueue.store.jdbc;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/** The table {@code kind}, read and written by the one connection that writes. */
final class SqliteKinds {
    private SqliteKinds() {}

    /** Reads them all; how many. */
    static int load(Statements sql, Kinds kinds) throws SQLException {
        return sql.query("select kind, queue, type from kind", none -> {}, kinds::know)
                .size();
    }

    /** Numbers these, in a transaction of its own, to be followed by {@link #load}; how many. */
    static int add(Statements sql, Collection<Kinds.Kind> unknown) throws SQLException {
        return sql.updateRows(
                "insert into kind (queue, type) values",
                2,
                "on conflict do nothing",
                List.copyOf(unknown),
                (row, kind) -> row.text(kind.queue()).text(kind.type()));
    }
}
