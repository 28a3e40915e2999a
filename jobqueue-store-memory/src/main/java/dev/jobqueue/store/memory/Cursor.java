package dev.jobqueue.store.memory;

import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobLimits;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobQuery;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** A page's cursor: the name of its order, and where in that order the page ended; {@code STORE/4711} for one. */
final class Cursor {
    private static final String SEPARATOR = "/";

    private Cursor() {}

    /** When a job was created, then its id: what {@link JobOrder#NEWEST} goes by, backwards. */
    record Creation(Instant at, JobId id) implements Comparable<Creation> {
        static Creation of(StoredJob job) {
            JobInfo info = job.info();
            return new Creation(info.createdAt(), info.id());
        }

        @Override
        public int compareTo(Creation other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : id.compareTo(other.id);
        }
    }

    static String after(JobOrder order, StoredJob job) {
        return switch (order) {
            case STORE -> join(order, job.sequence());
            case CLAIM ->
                join(
                        order,
                        job.turn().priority(),
                        job.turn().dueAt(),
                        job.info().id());
            case NEWEST -> join(order, job.info().createdAt(), job.info().id());
            default -> throw unknown(order);
        };
    }

    static IllegalArgumentException unknown(JobOrder order) {
        return new IllegalArgumentException("the memory store does not know the order " + order);
    }

    private static String join(Object... parts) {
        StringBuilder cursor = new StringBuilder();
        for (Object part : parts) {
            cursor.append(cursor.isEmpty() ? "" : SEPARATOR).append(part);
        }
        return cursor.toString();
    }

    static Optional<Long> sequence(JobQuery query, long latest) {
        return read(query, 2, parts -> between(1, latest, Long.parseLong(parts[1])));
    }

    static Optional<Turn> turn(JobQuery query) {
        return read(query, 4, parts -> {
            long priority = between(JobLimits.FIRST_PRIORITY, JobLimits.LAST_PRIORITY, Integer.parseInt(parts[1]));
            long dueAt = between(0, JobLimits.NEVER.toEpochMilli(), Long.parseLong(parts[2]));
            return Turn.of((int) priority, dueAt, JobId.parse(parts[3]));
        });
    }

    static Optional<Creation> creation(JobQuery query) {
        return read(query, 3, parts -> new Creation(Instant.parse(parts[1]), JobId.parse(parts[2])));
    }

    private static long between(long least, long most, long value) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(value + " is not " + least + " to " + most);
        }
        return value;
    }

    private static <T> Optional<T> read(JobQuery query, int length, Function<String[], T> reader) {
        return query.cursor().map(cursor -> {
            try {
                String[] parts = cursor.split(SEPARATOR, -1);
                if (parts.length == length && parts[0].equals(query.order().name())) {
                    return reader.apply(parts);
                }
                throw new IllegalArgumentException(query.order() + " cursors have " + length + " parts");
            } catch (IllegalArgumentException | DateTimeException e) {
                throw new IllegalArgumentException(
                        "the cursor must come from a page in order " + query.order() + ", but was \"" + cursor + "\"",
                        e);
            }
        });
    }
}
