package dev.jobqueue.store;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A page of jobs to list: which, in what order, from where, how many. Immutable. */
public final class JobQuery {
    /** The length of a page unless another is asked for. */
    public static final int DEFAULT_LIMIT = 100;

    private final JobFilter filter;
    private final JobOrder order;
    private final @Nullable String cursor;
    private final int limit;

    private JobQuery(JobFilter filter, JobOrder order, @Nullable String cursor, int limit) {
        this.filter = Objects.requireNonNull(filter, "filter");
        this.order = Objects.requireNonNull(order, "order");
        this.cursor = cursor;
        this.limit = limit;
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, but was " + limit);
        }
    }

    /** The first page of {@value #DEFAULT_LIMIT} jobs in {@link JobOrder#NEWEST} order. */
    public static JobQuery of(JobFilter filter) {
        return new JobQuery(filter, JobOrder.NEWEST, null, DEFAULT_LIMIT);
    }

    /** The same in another order. */
    public JobQuery in(JobOrder other) {
        return new JobQuery(filter, other, cursor, limit);
    }

    /** The page after the one whose {@link JobPage#next()} this is. */
    public JobQuery after(String pageCursor) {
        return new JobQuery(filter, order, Objects.requireNonNull(pageCursor, "pageCursor"), limit);
    }

    /** The same with another length: at least 1, at most {@link StoreTraits#maxBatch()}. */
    public JobQuery withLimit(int most) {
        return new JobQuery(filter, order, cursor, most);
    }

    /** Which jobs. */
    public JobFilter filter() {
        return filter;
    }

    /** In what order. */
    public JobOrder order() {
        return order;
    }

    /** After which page; empty: the first. */
    public Optional<String> cursor() {
        return Optional.ofNullable(cursor);
    }

    /** How many at most. */
    public int limit() {
        return limit;
    }

    @Override
    public String toString() {
        return filter + " in order " + order + " after " + cursor + ", at most " + limit;
    }
}
