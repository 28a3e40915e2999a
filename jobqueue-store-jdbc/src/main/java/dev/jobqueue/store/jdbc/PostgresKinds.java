package dev.jobqueue.store.jdbc;

import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** The table {@code kind}, which every process adds to. */
final class PostgresKinds implements Tables.KindTable {
    private final Kinds kinds;
    private final String add;
    private final String read;

    PostgresKinds(Names names, Kinds kinds) {
        this.kinds = kinds;
        this.add = names.sql(
                "insert into {kind} (queue, type) select * from unnest(?::text[], ?::text[]) on conflict do nothing");
        this.read = names.sql("select kind, queue, type from {kind}");
    }

    /** Reads them all; how many. */
    @Override
    public int load(Transaction sql) throws SQLException {
        return sql.last(read, none -> {}, kinds::know).size();
    }

    /** Makes sure that these have numbers, and that the numbers are known here. In a transaction of its own. */
    @Override
    public int number(Transaction sql, Set<Kinds.Kind> unknown) throws SQLException {
        List<Kinds.Kind> sorted = unknown.stream() // as everybody locks them
                .sorted(Comparator.comparing(Kinds.Kind::queue).thenComparing(Kinds.Kind::type))
                .toList();
        sql.query(
                add,
                row -> new PostgresColumns<>(row, sorted)
                        .text(Kinds.Kind::queue)
                        .text(Kinds.Kind::type),
                none -> none);
        return load(sql);
    }
}
