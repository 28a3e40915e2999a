package dev.jobqueue.store.jdbc;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The PENDING jobs of one kind, suspects or not, that are due by a time, in the order of claims and read a few at a time.
 * To be used within one transaction.
 *
 * <p>The index has them by priority and then run-at, so one statement goes on within the priority where the last ended,
 * and then visits the next priorities, of which it skips what is not due.
 */
final class SqliteLane {
    private static final String AFTER = """
            select * from (
                select priority, run_at, id, no from job indexed by job_pending
                where status = 0 and kind = ?1 and (crashes >= 2) = ?2
                    and priority = ?3 and (run_at, id) > (?4, ?5) and run_at <= ?6
                order by run_at, id limit ?7)
            union all
            select * from (
                select j.priority, j.run_at, j.id, j.no from priority p cross join job j indexed by job_pending
                where p.priority > ?3
                    and j.status = 0 and j.kind = ?1 and (j.crashes >= 2) = ?2
                    and j.priority = p.priority and j.run_at <= ?6
                order by p.priority, j.run_at, j.id limit ?7)
            order by 1, 2, 3 limit ?7
            """;

    private final Key key;
    private final long dueBy;
    private final int atOnce;
    private final Deque<PendingJob> ahead = new ArrayDeque<>();
    private PendingJob last;
    private boolean atEnd;

    /** Which lane. */
    record Key(int kind, boolean suspects) {
        @Override
        public boolean equals(@Nullable Object other) { // by hand, as Kinds.Kind has it
            return other instanceof Key that && kind == that.kind && suspects == that.suspects;
        }

        @Override
        public int hashCode() {
            return suspects ? ~kind : kind;
        }
    }

    /**
     * A lane from here on.
     *
     * @param after the place before the first job
     * @param atOnce how many to read at a time
     */
    SqliteLane(Key key, PendingJob after, long dueBy, int atOnce) {
        this.key = key;
        this.last = after;
        this.dueBy = dueBy;
        this.atOnce = atOnce;
    }

    /** The best job that was not taken yet. */
    Optional<PendingJob> peek(Statements sql) throws SQLException {
        if (ahead.isEmpty() && !atEnd) {
            List<PendingJob> more = sql.query(
                    AFTER,
                    parameters -> parameters
                            .number(key.kind())
                            .number(key.suspects() ? 1 : 0)
                            .number(last.priority())
                            .number(last.runAt())
                            .bytes(JobRows.bytes(last.id()))
                            .number(dueBy)
                            .number(atOnce),
                    row -> new PendingJob(row.getInt(1), row.getLong(2), JobRows.id(row.getBytes(3)), row.getLong(4)));
            ahead.addAll(more);
            atEnd = more.size() < atOnce;
        }
        return Optional.ofNullable(ahead.peek());
    }

    /** Takes what {@link #peek} showed. */
    PendingJob take() {
        last = ahead.remove();
        return last;
    }
}
