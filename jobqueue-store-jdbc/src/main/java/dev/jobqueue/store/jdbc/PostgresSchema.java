package dev.jobqueue.store.jdbc;

import dev.jobqueue.store.StoreException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The store's tables: made, brought up to date, or checked. Whoever does it holds a lock, so that several may open at once. */
final class PostgresSchema {
    private static final Schema SCRIPTS = new Schema("postgres", List.of("V1__jobs.sql"));

    private final PostgresNames names;
    private final Migration migration;

    PostgresSchema(PostgresNames names, Migration migration) {
        this.names = names;
        this.migration = migration;
    }

    /** Whether the schema is as this library needs it; or else makes it so, if it may. To be run in a transaction. */
    void prepare(PostgresTransaction sql) throws SQLException {
        checkEncoding(sql);
        int version = version(sql);
        if (version == SCRIPTS.latest()) {
            sql.last("select 1", none -> {}, none -> none);
            return;
        }
        if (migration == Migration.VALIDATE) {
            throw refused("lacks " + missing(version) + " of its schema; run them in this order, from the jar"
                    + " jobqueue-store-jdbc, or open the store with Migration.CREATE");
        }
        sql.query("select pg_advisory_xact_lock(" + names.lock() + ")", none -> {}, none -> none);
        createSchema(sql);
        for (int next = version(sql) + 1; next <= SCRIPTS.latest(); next++) { // somebody may have been faster
            sql.query(names.script(SCRIPTS.script(next)), none -> {}, none -> none);
        }
        sql.last("select 1", none -> {}, none -> none);
    }

    private static String missing(int version) {
        List<String> files = new ArrayList<>();
        for (int next = version + 1; next <= SCRIPTS.latest(); next++) {
            files.add(SCRIPTS.path(next));
        }
        return String.join(", ", files);
    }

    /** The version of the tables, 0 if there are none, unless they are others' or of a newer version. */
    private int version(PostgresTransaction sql) throws SQLException {
        List<String> tables = sql.query(
                "select c.relname from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
                        + " where n.nspname = ? and c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relname = any(?::text[])"
                        + " order by 1",
                row -> new PostgresColumns<>(
                                row.text(names.schema()),
                                List.of("schema", "kind", "job", "ready", "later", "node", "lease", "finished"))
                        .text(names::table),
                row -> row.getString(1));
        if (tables.isEmpty()) {
            return 0;
        }
        if (!tables.contains(names.table("schema"))) {
            throw refused("cannot be opened: the schema has a table " + tables.get(0)
                    + " of something else; choose another schema or table prefix");
        }
        int version = sql.query(names.sql("select max(version) from {schema}"), none -> {}, row -> row.getInt(1))
                .get(0);
        if (version > SCRIPTS.latest()) {
            throw refused("has version " + version + " of its tables, but this library knows versions up to "
                    + SCRIPTS.latest() + "; use a newer jobqueue-store-jdbc, or open another schema");
        }
        return version;
    }

    private void createSchema(PostgresTransaction sql) throws SQLException {
        boolean there = !sql.query(
                        "select 1 from pg_catalog.pg_namespace where nspname = ?",
                        row -> row.text(names.schema()),
                        row -> row.getInt(1))
                .isEmpty();
        if (!there) { // asked first, for to create one needs a right even if it is there
            sql.query("create schema " + PostgresNames.quoted(names.schema()), none -> {}, none -> none);
        }
    }

    private void checkEncoding(PostgresTransaction sql) throws SQLException {
        String encoding = sql.query("select current_setting('server_encoding')", none -> {}, row -> row.getString(1))
                .get(0);
        if (!encoding.equals("UTF8")) {
            throw refused("cannot be opened: its database has the encoding " + encoding
                    + ", in which not every text can be kept; create one with the encoding UTF8");
        }
    }

    private StoreException refused(String why) {
        return new StoreException("store " + names.store() + " " + why);
    }
}
