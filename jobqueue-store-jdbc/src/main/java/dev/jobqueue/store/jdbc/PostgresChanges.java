package dev.jobqueue.store.jdbc;

import java.sql.SQLException;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Changes as parameters. */
final class PostgresChanges {
    /** Rows of {@link #bind}, as {@code c}. */
    static final String ROWS = """
            unnest(?::int[], ?::uuid[], ?::int[], ?::bigint[], ?::int[], ?::int[], ?::bigint[], ?::int[], ?::bigint[],
                    ?::int[], ?::int[], ?::int[], ?::text[], ?::text[], ?::bytea[], ?::boolean[]) with ordinality
                c(no, id, attempt, lease, was, becomes, at, kind, run_at,
                    priority, failures, crashes, error, patch, memo, touches, row)""";

    /** Rows of {@link #bindFew}, as {@code c}: of changes that write no job's own row. */
    static final String FEW = """
            unnest(?::int[], ?::uuid[], ?::int[], ?::bigint[], ?::int[], ?::bigint[], ?::int[]) with ordinality
                c(no, id, attempt, lease, becomes, at, kind, row)""";

    private PostgresChanges() {}

    static void bindFew(Parameters row, List<PlacedChange> changes, Kinds kinds) throws SQLException {
        new PostgresColumns<>(row, changes)
                .int4(PlacedChange::no)
                .uuid(one -> one.change().id().value())
                .int4(one -> one.change().attempt())
                .int8(PlacedChange::lease)
                .int4(PlacedChange::becomes)
                .int8(one -> one.change().at().map(at -> at.toEpochMilli()).orElse(null))
                .int4(one -> kinds.number(Kinds.Kind.of(one.change())));
    }

    static void bind(Parameters row, List<PlacedChange> changes, Kinds kinds) throws SQLException {
        new PostgresColumns<>(row, changes)
                .int4(PlacedChange::no)
                .uuid(one -> one.change().id().value())
                .int4(one -> one.change().attempt())
                .int8(PlacedChange::lease)
                .int4(one -> JobRows.code(one.change().from()))
                .int4(PlacedChange::becomes)
                .int8(one -> one.change().at().map(at -> at.toEpochMilli()).orElse(null))
                .int4(one -> kinds.number(Kinds.Kind.of(one.change())))
                .int8(one -> one.change().runAt().map(at -> at.toEpochMilli()).orElse(null))
                .int4(one -> boxed(one.change().priority()))
                .int4(one -> boxed(one.change().failures()))
                .int4(one -> boxed(one.change().crashes()))
                .text(one -> one.change().error().orElse(null))
                .text(one -> one.patch(AttributesText.REMOVED))
                .bytea(one -> one.change().memo().orElse(null))
                .bool(PlacedChange::touches);
    }

    private static @Nullable Integer boxed(OptionalInt value) {
        return value.isPresent() ? value.getAsInt() : null;
    }
}
