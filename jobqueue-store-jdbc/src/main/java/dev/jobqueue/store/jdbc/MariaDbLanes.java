package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobQuery;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Pages of what waits, in the order of claims: the first of each priority of each lane in which there is something, merged.
 * So what is not due by the asked time, or of another kind, is not read.
 */
final class MariaDbLanes {
    /** A statement reads so many. */
    private static final int MANY = 100;

    /** The index knows which there are, and skips what is in them. */
    private static final String THERE = """
            select 'ready', suspect, kind, priority from {ready} group by suspect, kind, priority union all
            select 'later', suspect, kind, priority from {later} group by suspect, kind, priority""";

    private static final String LANE = "(select id, attempt, priority, run_at from {%s}"
            + " where suspect = %s and kind = %d and priority = %d and run_at <= due_by%s"
            + " order by run_at, id limit %d)";

    private static final String AFTER = " and run_at >= after_run_at and (run_at > after_run_at or id > after_id)";

    private static final String MERGED = """
            begin
                declare after_run_at bigint default ?;
                declare after_id binary(16) default ?;
                declare due_by bigint default ?;
                %s order by priority, run_at, id limit %d;
            end""";

    private final Names names;
    private final Kinds kinds;
    private final MariaDbKinds kindTable;

    MariaDbLanes(Names names, Kinds kinds, MariaDbKinds kindTable) {
        this.names = names;
        this.kinds = kinds;
        this.kindTable = kindTable;
    }

    private record Lane(String table, boolean suspect, int kind, int priority) {
        String select(ListCursor after, int limit) {
            return LANE.formatted(table, suspect, kind, priority, priority == after.number() ? AFTER : "", limit);
        }
    }

    private record Waiting(PendingJob place, int attempt) {}

    List<MariaDbSpot> page(Transaction sql, JobQuery query, ListCursor after) throws SQLException {
        List<Lane> lanes = lanes(sql, query, after);
        long dueBy = query.filter().dueBy().orElse(JobInfo.NEVER).toEpochMilli();
        List<Waiting> found = new ArrayList<>();
        for (int from = 0; from < lanes.size(); from += MANY) {
            String some = lanes.subList(from, Math.min(from + MANY, lanes.size())).stream()
                    .map(lane -> lane.select(after, query.limit()))
                    .collect(Collectors.joining(" union all "));
            found.addAll(sql.query(
                    names.sql(MERGED.formatted(some, query.limit())),
                    row -> row.number(after.time())
                            .bytes(JobRows.bytes(after.id()))
                            .number(dueBy),
                    row -> new Waiting(
                            new PendingJob(row.getInt(3), row.getLong(4), JobRows.id(row.getBytes(1)), 0),
                            row.getInt(2))));
        }
        return found.stream()
                .sorted(Comparator.comparing(Waiting::place))
                .limit(query.limit())
                .map(one -> new MariaDbSpot(one.place().id(), JobStatus.PENDING, one.attempt(), 0, null, false, null))
                .toList();
    }

    /** Those with a job after the cursor, perhaps. */
    private List<Lane> lanes(Transaction sql, JobQuery query, ListCursor after) throws SQLException {
        kindTable.load(sql); // other processes add to them
        Set<Integer> asked = new HashSet<>(
                kinds.numbers(query.filter().queues(), query.filter().types()));
        return sql
                .query(
                        names.sql(THERE),
                        none -> {},
                        row -> new Lane(row.getString(1), row.getBoolean(2), row.getInt(3), row.getInt(4)))
                .stream()
                .filter(lane -> asked.contains(lane.kind()) && lane.priority() >= after.number())
                .toList();
    }
}
