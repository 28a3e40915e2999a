package dev.jobqueue.store.jdbc;

import java.sql.SQLException;
import java.util.List;

/** The tables in MariaDB, where each statement is committed for itself: what was broken off is made whole by the next one. */
final class MariaDbSchema extends DatabaseSchema {
    private static final int LOCK_SECONDS = 30;

    MariaDbSchema(Names names, Migration migration) {
        super(names, new Schema("mariadb", List.of("V1__jobs.sql")), migration);
    }

    @Override
    void check(Transaction sql) throws SQLException {
        MariaDbServer server = MariaDbServer.of(sql);
        server.fault().ifPresent(fault -> {
            throw refused("cannot be opened: " + fault);
        });
    }

    @Override
    List<String> tables(Transaction sql) throws SQLException {
        List<String> found = sql.query(
                "select table_name from information_schema.tables where table_schema = ? and table_name in ("
                        + "?, ?, ?, ?, ?, ?, ?, ?) order by 1",
                row -> {
                    row.text(names.schema());
                    for (String table : TABLES) {
                        row.text(names.table(table));
                    }
                },
                row -> row.getString(1));
        if (found.isEmpty()) {
            checkThereIsNone(sql);
        }
        return found;
    }

    /** The catalogue hides tables from who has no right on them, and shows none, too. */
    private void checkThereIsNone(Transaction sql) throws SQLException {
        try {
            sql.query(names.sql("select version from {schema}"), none -> {}, none -> none);
        } catch (SQLException e) {
            if (!MariaDbDialect.isMissingTable(e)) {
                throw e;
            }
        }
    }

    @Override
    boolean hasSchema(Transaction sql) throws SQLException {
        return !sql.query(
                        "select 1 from information_schema.schemata where schema_name = ?",
                        row -> row.text(names.schema()),
                        row -> row.getInt(1))
                .isEmpty();
    }

    @Override
    void lock(Transaction sql) throws SQLException {
        boolean taken = sql.query(
                        "select get_lock('" + names.hash() + "', " + LOCK_SECONDS + ")",
                        none -> {},
                        row -> row.getBoolean(1))
                .get(0);
        if (!taken) {
            throw refused("cannot be opened: another process works on its tables for very long; see what it does");
        }
    }

    @Override
    void unlock(Transaction sql) throws SQLException {
        sql.query("do release_lock('" + names.hash() + "')", none -> {}, none -> none);
    }
}
