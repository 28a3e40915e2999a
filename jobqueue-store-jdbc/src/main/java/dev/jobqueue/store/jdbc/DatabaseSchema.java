package dev.jobqueue.store.jdbc;

import dev.jobqueue.store.StoreException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The store's tables: made, brought up to date, or checked. Whoever does it holds a lock, so that several may open at once. */
abstract class DatabaseSchema {
    static final List<String> TABLES = List.of("schema", "kind", "job", "ready", "later", "node", "lease", "finished");

    final Names names;
    private final Schema scripts;
    private final Migration migration;

    DatabaseSchema(Names names, Schema scripts, Migration migration) {
        this.names = names;
        this.scripts = scripts;
        this.migration = migration;
    }

    /** Refuses a database in which the store can't keep its promises. */
    abstract void check(Transaction sql) throws SQLException;

    /** Those of {@link #TABLES} that are there, whosever they are. */
    abstract List<String> tables(Transaction sql) throws SQLException;

    abstract boolean hasSchema(Transaction sql) throws SQLException;

    abstract void lock(Transaction sql) throws SQLException;

    abstract void unlock(Transaction sql) throws SQLException;

    /** Makes the schema as this library needs it, if it is not so and if that is allowed. To be run in a transaction. */
    final void prepare(Transaction sql) throws SQLException {
        check(sql);
        int version = version(sql);
        if (version < scripts.latest()) {
            if (migration == Migration.VALIDATE) {
                throw refused("lacks " + missing(version) + " of its schema; run them in this order, from the jar"
                        + " jobqueue-store-jdbc, or open the store with Migration.CREATE");
            }
            migrate(sql);
        }
        sql.last("select 1", none -> {}, none -> none);
    }

    private void migrate(Transaction sql) throws SQLException {
        lock(sql);
        try {
            if (!hasSchema(sql)) { // asked first, for to create one needs a right even if it is there
                sql.query("create schema " + names.quoted(names.schema()), none -> {}, none -> none);
            }
            for (int next = version(sql) + 1; next <= scripts.latest(); next++) { // somebody may have been faster
                for (String statement : scripts.statements(next)) {
                    sql.query(names.script(statement), none -> {}, none -> none);
                }
            }
        } finally {
            unlock(sql);
        }
    }

    private String missing(int version) {
        List<String> files = new ArrayList<>();
        for (int next = version + 1; next <= scripts.latest(); next++) {
            files.add(scripts.path(next));
        }
        return String.join(", ", files);
    }

    /** The version of the tables, 0 if there are none, unless they are others' or of a newer version. */
    private int version(Transaction sql) throws SQLException {
        List<String> tables = tables(sql);
        if (tables.isEmpty()) {
            return 0;
        }
        if (tables.stream().noneMatch(names.table("schema")::equalsIgnoreCase)) {
            throw refused("cannot be opened: the schema has a table " + tables.get(0)
                    + " of something else; choose another schema or table prefix");
        }
        int version = sql.query(names.sql("select max(version) from {schema}"), none -> {}, row -> row.getInt(1))
                .get(0);
        if (version > scripts.latest()) {
            throw refused("has version " + version + " of its tables, but this library knows versions up to "
                    + scripts.latest() + "; use a newer jobqueue-store-jdbc, or open another schema");
        }
        return version;
    }

    final StoreException refused(String why) {
        return new StoreException("store " + names.store() + " " + why);
    }
}
