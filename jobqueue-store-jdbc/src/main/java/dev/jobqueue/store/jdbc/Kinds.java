package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Job;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of jobs in the store, queue and type, and their numbers: the table {@code kind}, of which this holds all.
 * A number is never given to another kind, and is known here before any job has it. Thread-safe but for the two methods
 * that are given statements, which belong to the writer.
 */
final class Kinds {
    private final Map<Integer, Kind> byNumber = new ConcurrentHashMap<>();
    private final Map<Kind, Integer> numbers = new ConcurrentHashMap<>();

    /** Its equality by hand: what the compiler makes for a record is linked at its first use, which a start waits for. */
    record Kind(String queue, String type) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Kind that && queue.equals(that.queue) && type.equals(that.type);
        }

        @Override
        public int hashCode() {
            return 31 * queue.hashCode() + type.hashCode();
        }
    }

    /** Reads them all; how many. */
    int load(Statements sql) throws SQLException {
        return sql.query("select kind, queue, type from kind", parameters -> {}, row -> {
                    Kind kind = new Kind(row.getString(2), row.getString(3));
                    byNumber.put(row.getInt(1), kind);
                    numbers.put(kind, row.getInt(1));
                    return kind;
                })
                .size();
    }

    /** The kinds of these jobs that have no number yet. */
    Set<Kind> unknownOf(Collection<Job> jobs) {
        Set<Kind> unknown = new LinkedHashSet<>();
        for (Job job : jobs) {
            Kind kind = new Kind(job.info().queue(), job.info().type());
            if (!numbers.containsKey(kind)) {
                unknown.add(kind);
            }
        }
        return unknown;
    }

    /** Numbers these kinds, in a transaction of its own, to be followed by {@link #load}; how many. */
    static int add(Statements sql, Collection<Kind> kinds) throws SQLException {
        return sql.updateRows(
                "insert into kind (queue, type) values",
                2,
                "on conflict do nothing",
                List.copyOf(kinds),
                (row, kind) -> row.text(kind.queue()).text(kind.type()));
    }

    Kind of(int number) throws SQLException {
        Kind kind = byNumber.get(number);
        if (kind == null) {
            throw new SQLException("there is no kind " + number);
        }
        return kind;
    }

    OptionalInt number(String queue, String type) {
        Integer number = numbers.get(new Kind(queue, type));
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
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
