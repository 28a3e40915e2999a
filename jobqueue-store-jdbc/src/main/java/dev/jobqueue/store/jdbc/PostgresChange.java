package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.Change;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A change on its way into the database.
 *
 * @param no its place in the caller's batch
 * @param lease the number of the lease that is said to hold the job, or 0
 */
record PostgresChange(int no, Change change, long lease) {
    /** Rows of {@link #bind}, as {@code c}. */
    static final String ROWS = """
            unnest(?::int[], ?::uuid[], ?::int[], ?::bigint[], ?::int[], ?::int[], ?::bigint[], ?::int[], ?::bigint[],
                    ?::int[], ?::int[], ?::int[], ?::text[], ?::text[], ?::bytea[], ?::boolean[]) with ordinality
                c(no, id, attempt, lease, was, becomes, at, kind, run_at,
                    priority, failures, crashes, error, patch, memo, touches, row)""";

    /** With the lease that the job's own hint names. */
    static PostgresChange of(int no, Change change) {
        return new PostgresChange(no, change, lease(change.hint()));
    }

    private static long lease(Optional<String> hint) {
        try {
            return hint.map(Long::parseLong).orElse(0L);
        } catch (NumberFormatException e) {
            return 0; // a hint of another store's
        }
    }

    /** The status it leaves the job in; none if the job goes. */
    private @Nullable Integer becomes() {
        return change.removes() ? null : JobRows.code(change.to().orElse(change.from()));
    }

    /** Whether a job is PENDING when this is done. */
    boolean makesPending() {
        return !change.removes() && change.to().orElse(change.from()) == JobStatus.PENDING;
    }

    /** Whether the job's own row is written; where it is, says the status, and crashes of a completed job count for nothing. */
    private boolean touches() {
        boolean counts = change.failures().isPresent()
                || (change.crashes().isPresent() && !change.to().equals(Optional.of(JobStatus.COMPLETED)));
        boolean carries = change.error().isPresent()
                || change.memo().isPresent()
                || !change.attributes().isEmpty()
                || change.runAt().isPresent()
                || change.priority().isPresent();
        boolean unfinished =
                !change.removes() && !change.to().orElse(change.from()).isFinal();
        return unfinished || counts || carries;
    }

    private @Nullable String patch() {
        Map<String, Optional<String>> attributes = change.attributes();
        return attributes.isEmpty() ? null : AttributesText.patch(attributes);
    }

    static void bind(Parameters row, List<PostgresChange> changes, Kinds kinds) throws SQLException {
        new PostgresColumns<>(row, changes)
                .int4(PostgresChange::no)
                .uuid(one -> one.change().id().value())
                .int4(one -> one.change().attempt())
                .int8(PostgresChange::lease)
                .int4(one -> JobRows.code(one.change().from()))
                .int4(PostgresChange::becomes)
                .int8(one -> one.change().at().map(at -> at.toEpochMilli()).orElse(null))
                .int4(one -> kinds.number(
                        new Kinds.Kind(one.change().queue(), one.change().type())))
                .int8(one -> one.change().runAt().map(at -> at.toEpochMilli()).orElse(null))
                .int4(one -> boxed(one.change().priority()))
                .int4(one -> boxed(one.change().failures()))
                .int4(one -> boxed(one.change().crashes()))
                .text(one -> one.change().error().orElse(null))
                .text(PostgresChange::patch)
                .bytea(one -> one.change().memo().orElse(null))
                .bool(PostgresChange::touches);
    }

    private static @Nullable Integer boxed(OptionalInt value) {
        return value.isPresent() ? value.getAsInt() : null;
    }
}
