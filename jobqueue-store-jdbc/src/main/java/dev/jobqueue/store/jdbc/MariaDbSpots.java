package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobQuery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Pages of jobs wherever they are: the first of each place, merged. */
final class MariaDbSpots {
    private static final String WAITING =
            "select j.id, 0 as status, s.attempt, 0 as lease, null as owner, false as orphaned, null as since,"
                    + " j.priority, j.run_at, j.created_at from {%s} s straight_join {job} j on j.id = s.id";

    private static final String RUNNING = "select j.id, 1 as status, s.attempt, l.lease, " + MariaDbSpot.OWNER
            + ", l.claimed_at as since, j.priority, j.run_at, j.created_at"
            + " from {lease} l left join {node} n on n.node = l.node straight_join json_table(l.jobs, '$[*]'"
            + " columns (hex char(32) path '$[0]', attempt int path '$[1]')) s"
            + " straight_join {job} j on j.id = unhex(s.hex)";

    private static final String FINISHED = "select j.id, s.status, s.attempt, 0 as lease, null as owner,"
            + " false as orphaned, s.finished_at as since, j.priority, j.run_at, j.created_at"
            + " from {finished} s straight_join {job} j on j.id = s.id";

    private static final String ASKED =
            "select j.id, s.status, s.attempt, s.lease, s.owner, false as orphaned, s.since, j.priority, j.run_at, j.created_at from "
                    + MariaDbSpot.ROWS.formatted("?") + " straight_join {job} j on j.id = unhex(s.hex)";

    private final Names names;
    private final Kinds kinds;
    private final MariaDbKinds kindTable;
    private final MariaDbPlaces places;

    MariaDbSpots(Names names, Kinds kinds, MariaDbKinds kindTable, MariaDbPlaces places) {
        this.names = names;
        this.kinds = kinds;
        this.kindTable = kindTable;
        this.places = places;
    }

    /** A place: where its jobs are read from, and what more they must meet. */
    private record Source(String select, Conditions where) {}

    List<MariaDbSpot> page(Transaction sql, JobQuery query, ListCursor after) throws SQLException {
        kindTable.load(sql); // other processes add to them
        List<Source> sources =
                query.filter().ids().isEmpty() ? sources(query, after) : List.of(asked(sql, query, after));
        if (sources.isEmpty()) {
            return List.of();
        }
        String tail = " order by " + keys(query) + " limit " + query.limit();
        String each = sources.stream()
                .map(source ->
                        "(" + source.select() + " where " + source.where().text() + tail + ")")
                .collect(Collectors.joining(" union all "));
        return sql.query(
                names.sql(each + tail.replace("j.", "")),
                row -> {
                    for (Source source : sources) {
                        source.where().bind(row);
                    }
                },
                MariaDbSpots::read);
    }

    private static MariaDbSpot read(ResultSet row) throws SQLException {
        @Nullable Long since = row.getObject(7) == null ? null : row.getLong(7);
        return new MariaDbSpot(
                JobRows.id(row.getBytes(1)),
                JobRows.status(row.getInt(2)),
                row.getInt(3),
                row.getLong(4),
                row.getString(5),
                row.getBoolean(6),
                since);
    }

    private List<Source> sources(JobQuery query, ListCursor after) {
        List<Source> sources = new ArrayList<>();
        List<String> finished = new ArrayList<>();
        for (JobStatus status : Conditions.statuses(query.filter())) {
            switch (status) {
                case PENDING -> {
                    sources.add(new Source(WAITING.formatted("ready"), where(query, after)));
                    sources.add(new Source(WAITING.formatted("later"), where(query, after)));
                }
                case PROCESSING -> {
                    Conditions where = where(query, after);
                    MariaDbRunning.addConditions(where, query.filter());
                    sources.add(new Source(RUNNING, where));
                }
                case COMPLETED, FAILED, CANCELLED -> finished.add(Integer.toString(JobRows.code(status)));
            }
        }
        if (!finished.isEmpty()) {
            String codes = String.join(", ", finished);
            sources.add(new Source(FINISHED, where(query, after).add("s.status in (" + codes + ")", none -> {})));
        }
        return sources;
    }

    private Source asked(Transaction sql, JobQuery query, ListCursor after) throws SQLException {
        JobFilter filter = query.filter();
        String spots = MariaDbSpot.text(places.spots(sql, filter.ids()).stream()
                .filter(spot -> Conditions.statuses(filter).contains(spot.status()))
                .filter(spot ->
                        filter.owner().isEmpty() || filter.owner().orElseThrow().equals(spot.owner()))
                .filter(spot -> spot.orphaned() || !filter.orphaned())
                .toList());
        Conditions where = new Conditions().add("true", row -> row.text(spots)); // which stands in its source
        return new Source(ASKED, addTo(where, query, after));
    }

    private static String keys(JobQuery query) {
        return switch (query.order()) {
            case STORE -> "j.id";
            case CLAIM -> "j.priority, j.run_at, j.id";
            case NEWEST -> "j.created_at desc, j.id desc";
        };
    }

    private Conditions where(JobQuery query, ListCursor after) {
        return addTo(new Conditions(), query, after);
    }

    private Conditions addTo(Conditions where, JobQuery query, ListCursor after) {
        JobFilter filter = query.filter();
        String asked = kinds.numbers(filter.queues(), filter.types()).stream()
                .map(String::valueOf)
                .collect(Collectors.joining(", ", "-1, ", ""));
        where.add(
                filter.queues().isEmpty() && filter.types().isEmpty() ? "true" : "j.kind in (" + asked + ")",
                none -> {});
        filter.dueBy().ifPresent(time -> where.add("j.run_at <= ?", row -> row.number(time.toEpochMilli())));
        byte[] id = JobRows.bytes(after.id());
        return switch (query.order()) {
            case STORE -> query.cursor().isPresent() ? where.add("j.id > ?", row -> row.bytes(id)) : where;
            case CLAIM ->
                where.add(
                        "(j.priority, j.run_at, j.id) > (?, ?, ?)",
                        row -> row.number(after.number()).number(after.time()).bytes(id));
            case NEWEST ->
                where.add(
                        "(j.created_at, j.id) < (?, ?)",
                        row -> row.number(after.time()).bytes(id));
        };
    }
}
