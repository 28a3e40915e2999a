package dev.jobqueue.store.jdbc;

import java.sql.SQLException;
import java.util.List;

/** The tables in PostgreSQL, where they are made in one transaction, or not at all. */
final class PostgresSchema extends DatabaseSchema {
    PostgresSchema(Names names, Migration migration) {
        super(names, new Schema("postgres", List.of("V1__jobs.sql")), migration);
    }

    @Override
    void check(Transaction sql) throws SQLException {
        String encoding = sql.query("select current_setting('server_encoding')", none -> {}, row -> row.getString(1))
                .get(0);
        if (!encoding.equals("UTF8")) {
            throw refused("cannot be opened: its database has the encoding " + encoding
                    + ", in which not every text can be kept; create one with the encoding UTF8");
        }
    }

    @Override
    List<String> tables(Transaction sql) throws SQLException {
        return sql.query(
                "select c.relname from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
                        + " where n.nspname = ? and c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relname = any(?::text[])"
                        + " order by 1",
                row -> new PostgresColumns<>(row.text(names.schema()), TABLES).text(names::table),
                row -> row.getString(1));
    }

    @Override
    boolean hasSchema(Transaction sql) throws SQLException {
        return !sql.query(
                        "select 1 from pg_catalog.pg_namespace where nspname = ?",
                        row -> row.text(names.schema()),
                        row -> row.getInt(1))
                .isEmpty();
    }

    @Override
    void lock(Transaction sql) throws SQLException {
        long lock = names.hash().getMostSignificantBits();
        sql.query("select pg_advisory_xact_lock(" + lock + ")", none -> {}, none -> none);
    }

    @Override
    void unlock(Transaction sql) {
        // the transaction's end does
    }
}
