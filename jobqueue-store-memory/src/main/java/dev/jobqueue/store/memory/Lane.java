package dev.jobqueue.store.memory;

import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The PENDING jobs of one kind, in the order of claims.
 *
 * <p>Of each priority, the due ones stand in front. A walk jumps over the others in one step a priority, so that neither
 * they nor a clock that steps back cost anything, and no job is ever moved because its time has come.
 */
final class Lane {
    private final TreeMap<Turn, StoredJob> waiting = new TreeMap<>();

    void add(StoredJob job) {
        waiting.put(job.turn(), job);
    }

    void remove(StoredJob job) {
        waiting.remove(job.turn());
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** The jobs due by then, in the order of claims. The lane must not change during the walk. */
    Iterator<StoredJob> due(long by) {
        return new Due(by, waiting.entrySet().iterator());
    }

    /** The jobs due by then whose turn comes after that one. */
    Iterator<StoredJob> dueAfter(Turn turn, long by) {
        return new Due(by, waiting.tailMap(turn, false).entrySet().iterator());
    }

    /** The earliest run-at of a job here, in milliseconds; {@link Long#MAX_VALUE} if none is ever due by itself. */
    long earliestDue() {
        long earliest = Long.MAX_VALUE;
        Turn first = waiting.isEmpty() ? null : waiting.firstKey();
        while (first != null) {
            if (!first.isNever()) {
                earliest = Math.min(earliest, first.dueAt());
            }
            first = waiting.ceilingKey(Turn.earliestOf(first.priority() + 1));
        }
        return earliest;
    }

    private final class Due implements Iterator<StoredJob> {
        private final long by;
        private Iterator<Map.Entry<Turn, StoredJob>> rest;
        private @Nullable StoredJob next;

        Due(long by, Iterator<Map.Entry<Turn, StoredJob>> rest) {
            this.by = by;
            this.rest = rest;
            this.next = advance();
        }

        private @Nullable StoredJob advance() {
            while (rest.hasNext()) {
                StoredJob job = rest.next().getValue();
                if (job.turn().dueAt() <= by) {
                    return job;
                }
                Turn lowerPriority = Turn.earliestOf(job.turn().priority() + 1);
                rest = waiting.tailMap(lowerPriority).entrySet().iterator();
            }
            return null;
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public StoredJob next() {
            StoredJob job = next;
            if (job == null) {
                throw new NoSuchElementException();
            }
            next = advance();
            return job;
        }
    }
}
