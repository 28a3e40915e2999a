package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Job;
import dev.jobqueue.store.Change;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes attributes, errors and memos: each by itself, so that none is read or sent for the sake of another. */
final class SqliteDetail {
    private SqliteDetail() {}

    static void insert(Statements sql, List<JobRows.Numbered<Job>> stored) throws SQLException {
        sql.updateRows(
                "insert into detail (no, attributes, memo) values",
                3,
                "",
                stored,
                (row, job) -> row.number(job.no())
                        .text(text(job.job().info().attributes()))
                        .bytes(job.job().info().memo().orElse(null)));
    }

    /** Writes what the changes name. Their jobs were read with their attributes, if they name any. */
    static void apply(Statements sql, List<HeldChange> held) throws SQLException {
        sql.updateRows(
                "insert into detail (no, attributes) values",
                2,
                "on conflict (no) do update set attributes = excluded.attributes",
                held.stream().filter(one -> namesAttributes(one.change())).toList(),
                (row, one) -> row.number(one.no()).text(text(one.after().attributes())));
        sql.updateRows(
                "insert into detail (no, error) values",
                2,
                "on conflict (no) do update set error = excluded.error",
                held.stream().filter(one -> one.change().error().isPresent()).toList(),
                (row, one) -> row.number(one.no()).text(one.change().error().orElseThrow()));
        sql.updateRows(
                "insert into detail (no, memo) values",
                2,
                "on conflict (no) do update set memo = excluded.memo",
                held.stream().filter(one -> one.change().memo().isPresent()).toList(),
                (row, one) -> row.number(one.no()).bytes(one.change().memo().orElseThrow()));
    }

    static boolean namesAttributes(Change change) {
        return !change.attributes().isEmpty();
    }

    private static @Nullable String text(Map<String, String> attributes) {
        return attributes.isEmpty() ? null : AttributesText.of(attributes);
    }
}
