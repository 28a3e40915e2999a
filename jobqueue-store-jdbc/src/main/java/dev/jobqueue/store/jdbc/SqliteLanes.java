package dev.jobqueue.store.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/** Lanes merged into one order of claims, no further than asked. To be used within one transaction. */
final class SqliteLanes {
    private final PendingJob after;
    private final long dueBy;
    private final Map<SqliteLane.Key, SqliteLane> lanes = new HashMap<>();

    SqliteLanes(PendingJob after, long dueBy) {
        this.after = after;
        this.dueBy = dueBy;
    }

    private record Head(PendingJob job, SqliteLane lane) implements Comparable<Head> {
        @Override
        public int compareTo(Head other) {
            return job.compareTo(other.job);
        }
    }

    /** The best jobs of these lanes; what was taken before is not taken again. */
    List<PendingJob> take(Statements sql, Collection<SqliteLane.Key> keys, int limit) throws SQLException {
        PriorityQueue<Head> heads = new PriorityQueue<>();
        int atOnce = Math.min(limit, 16 + 2 * limit / Math.max(1, keys.size()));
        for (SqliteLane.Key key : keys) {
            SqliteLane lane = lanes.get(key);
            if (lane == null) {
                lane = new SqliteLane(key, after, dueBy, atOnce);
                lanes.put(key, lane);
            }
            addHead(heads, sql, lane);
        }
        List<PendingJob> taken = new ArrayList<>();
        while (taken.size() < limit && !heads.isEmpty()) {
            SqliteLane lane = heads.remove().lane();
            taken.add(lane.take());
            if (taken.size() < limit) {
                addHead(heads, sql, lane);
            }
        }
        return taken;
    }

    private static void addHead(PriorityQueue<Head> heads, Statements sql, SqliteLane lane) throws SQLException {
        Optional<PendingJob> head = lane.peek(sql);
        if (head.isPresent()) {
            heads.add(new Head(head.get(), lane));
        }
    }
}
