package dev.jobqueue.store.jdbc;

import java.sql.SQLException;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** The table {@code kind}, which every process adds to. */
final class MariaDbKinds implements Tables.KindTable {
    private final Kinds kinds;
    private final Names names;
    private final String read;

    MariaDbKinds(Names names, Kinds kinds) {
        this.kinds = kinds;
        this.names = names;
        this.read = names.sql("select kind, queue, type from {kind}");
    }

    @Override
    public int load(Transaction sql) throws SQLException {
        return sql.query(read, none -> {}, kinds::know).size();
    }

    @Override
    public int number(Transaction sql, Set<Kinds.Kind> unknown) throws SQLException {
        List<Kinds.Kind> sorted = unknown.stream() // as everybody locks them
                .sorted(Comparator.comparing(Kinds.Kind::queue).thenComparing(Kinds.Kind::type))
                .toList();
        String add = names.sql("insert into {kind} (queue, type) values "
                + String.join(", ", Collections.nCopies(sorted.size(), "(?, ?)"))
                + " on duplicate key update kind = kind");
        return sql.last(
                        add + "; " + read,
                        row -> {
                            for (Kinds.Kind kind : sorted) {
                                row.text(kind.queue()).text(kind.type());
                            }
                        },
                        kinds::know)
                .size();
    }
}
