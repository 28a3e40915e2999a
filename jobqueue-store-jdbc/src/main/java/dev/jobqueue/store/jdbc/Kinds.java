package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.Change;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of jobs in the store, queue and type, and their numbers: the table {@code kind}, of which this holds all.
 * A number is never given to another kind, and is known here before this process gives it to a job. Thread-safe.
 */
final class Kinds {
    private final Map<Integer, Kind> byNumber = new ConcurrentHashMap<>();
    private final Map<Kind, Integer> numbers = new ConcurrentHashMap<>();

    /** Its equality by hand: what the compiler makes for a record is linked at its first use, which a start waits for. */
    record Kind(String queue, String type) {
        static Kind of(JobInfo job) {
            return new Kind(job.queue(), job.type());
        }

        static Kind of(Change change) {
            return new Kind(change.queue(), change.type());
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Kind that && queue.equals(that.queue) && type.equals(that.type);
        }

        @Override
        public int hashCode() {
            return 31 * queue.hashCode() + type.hashCode();
        }
    }

    /** A number that the store does not have, or that another process gave since the kinds were read. */
    static final class UnknownKindException extends SQLException {
        private static final long serialVersionUID = 1L;

        UnknownKindException(int number) {
            super("there is no kind " + number);
        }
    }

    /** Takes note of a row of {@code kind, queue, type}, committed or not to be undone. */
    Kind know(ResultSet row) throws SQLException {
        Kind kind = new Kind(row.getString(2), row.getString(3));
        byNumber.put(row.getInt(1), kind);
        numbers.put(kind, row.getInt(1));
        return kind;
    }

    /** The kinds of these jobs. */
    static Set<Kind> of(Collection<Job> jobs) {
        return jobs.stream().map(job -> Kind.of(job.info())).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The kinds of the jobs of these changes. */
    static Set<Kind> ofChanged(Collection<Change> changes) {
        return changes.stream().map(Kind::of).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Those of these kinds that have no number yet. */
    Set<Kind> unknownOf(Collection<Kind> kinds) {
        Set<Kind> unknown = new LinkedHashSet<>(kinds);
        unknown.removeAll(numbers.keySet());
        return unknown;
    }

    Kind of(int number) throws UnknownKindException {
        Kind kind = byNumber.get(number);
        if (kind == null) {
            throw new UnknownKindException(number);
        }
        return kind;
    }

    /** The number of a kind that {@link #unknownOf} left out. */
    int number(Kind kind) {
        return Optional.ofNullable(numbers.get(kind)).orElseThrow();
    }

    /** The numbers of the kinds that are in one of these queues and of one of these types; an empty set: any. */
    List<Integer> numbers(Set<String> queues, Set<String> types) {
        List<Integer> asked = new ArrayList<>();
        for (Map.Entry<Kind, Integer> entry : numbers.entrySet()) {
            Kind kind = entry.getKey();
            if ((queues.isEmpty() || queues.contains(kind.queue()))
                    && (types.isEmpty() || types.contains(kind.type()))) {
                asked.add(entry.getValue());
            }
        }
        Collections.sort(asked);
        return asked;
    }
}
