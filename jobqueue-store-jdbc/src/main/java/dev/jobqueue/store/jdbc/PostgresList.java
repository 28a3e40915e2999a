package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * Finds a job, and lists pages: first where the jobs of the page are, then the jobs. What is running is listed in the order
 * of leases, so that a page costs what is on it; other jobs in the order of ids.
 */
final class PostgresList implements Tables.Lists {
    /** A page ends early when its attributes and memos come to this many bytes. */
    private static final int LARGE_PAGE = 4 * 1024 * 1024;

    /** All of a job but its payload, as {@link JobRows#JOB_AND_DETAIL} has it, of {@code place p} and {@code job j}. */
    private static final String JOB = """
            p.lease, uuid_send(j.id), j.kind, j.priority, j.run_at, p.status, p.attempt, j.failures,
            case p.status when 2 then 0 else j.crashes end,
            coalesce((select n.name || '@' || n.incarnation from {node} n where n.node = p.node), 'node ' || p.node),
            j.created_at, case when p.since is null or p.status = 1 and p.attempt = j.attempt then j.changed_at else p.since end,
            j.attributes::text, j.error, j.memo""";

    /** The jobs of places: each by its key, even if the plan was made when there were none. */
    private static final String LOOKED_UP = " cross join lateral (select * from {job} where id = p.id limit 1) j";

    private static final String WAITING = """
            select id, 0 as status, attempt, null::bigint as lease, null::int as node, null::bigint as since from {ready}
            union all
            select id, 0, attempt, null, null, null from {later}""";

    private static final String RUNNING = """
            select u.id, 1 as status, u.attempt, l.lease, l.node, l.claimed_at as since
            from {lease} l cross join lateral unnest(l.ids, l.attempts) u(id, attempt)""";

    private static final String FINISHED = """
            select id, status, attempt, null::bigint as lease, null::int as node, finished_at as since
            from {finished} where status in (%s)""";

    /** The places of some jobs. A job that is in no lease and not final waits. */
    private static final String BY_ID = """
            select j.id, coalesce(f.status, r.status, 0) as status, coalesce(f.attempt, r.attempt, j.attempt) as attempt,
                r.lease, r.node, coalesce(f.finished_at, r.claimed_at) as since
            from {job} j
            left join lateral (select * from {finished} where id = j.id limit 1) f on true
            left join lateral (
                select 1 as status, l.lease, l.node, l.claimed_at, l.attempts[array_position(l.ids, j.id)] as attempt
                from {lease} l where f.id is null and j.id = any(l.ids) limit 1) r on true
            where j.id = any(?::uuid[])""";

    /** Waiting jobs, a priority of a lane at a time, so that what is not due is not read. */
    private static final String IN_LANES = """
            select x.id, 0 as status, x.attempt, null::bigint as lease, null::int as node, null::bigint as since,
                x.priority, x.run_at
            from {kind} k
            cross join (values (false), (true)) s(suspect)
            cross join generate_series(?::int, 9) p(priority)
            cross join lateral (
                (select id, attempt, priority, run_at from {ready} r
                    where r.suspect = s.suspect and r.kind = k.kind and r.priority = p.priority
                        and (r.priority, r.run_at, r.id) > (?, ?, ?::uuid) and r.run_at <= ?
                    order by r.run_at, r.id limit ?)
                union all
                (select id, attempt, priority, run_at from {later} r
                    where r.suspect = s.suspect and r.kind = k.kind and r.priority = p.priority
                        and (r.priority, r.run_at, r.id) > (?, ?, ?::uuid) and r.run_at <= ?
                    order by r.run_at, r.id limit ?)) x
            where %s
            order by x.priority, x.run_at, x.id limit ?""";

    /** A page of places, with its jobs; and how many places there were, for a page that ends early. */
    private static final String PAGE = """
            select * from (
                select %s, count(*) over (), row_number() over (order by %s) as no,
                    coalesce(sum(coalesce(pg_column_size(j.attributes), 0) + coalesce(octet_length(j.memo), 0))
                        over (order by %s rows between unbounded preceding and 1 preceding), 0) as before
                from (%s) p""" + LOOKED_UP + """
            ) page
            where before < %d order by no""";

    private static final int FOUND = JobRows.AFTER_DETAIL;

    private final Names names;
    private final LeasedRows rows;
    private final String find;

    PostgresList(Names names, LeasedRows rows) {
        this.names = names;
        this.rows = rows;
        this.find = names.sql("select " + JOB + ", j.payload from (" + BY_ID + ") p" + LOOKED_UP);
    }

    @Override
    public Optional<Job> find(Transaction sql, JobId id) throws SQLException {
        return sql
                .last(find, row -> new PostgresColumns<>(row, List.of(id)).uuid(JobId::value), rows::readWithPayload)
                .stream()
                .findFirst();
    }

    @Override
    public JobPage run(Transaction sql, JobQuery query) throws SQLException {
        ListCursor after = ListCursor.of(query);
        if (Conditions.statuses(query.filter()).isEmpty()) {
            return JobPage.of(List.of(), Optional.empty());
        }
        boolean lanes = query.order() == JobOrder.CLAIM && query.filter().ids().isEmpty();
        Conditions where = lanes ? inLanes(query, after) : where(query, after);
        String places = lanes ? IN_LANES.formatted(kinds(query.filter(), "k.kind")) : places(query, where);
        String keys = keys(query);
        int[] found = {0};
        List<JobRows.Numbered<JobInfo>> page = sql.last(
                names.sql(PAGE.formatted(JOB, keys, keys, places, LARGE_PAGE)),
                parameters -> {
                    where.bind(parameters);
                    parameters.number(query.limit());
                },
                row -> {
                    found[0] = row.getInt(FOUND);
                    return rows.read(row);
                });
        boolean more = page.size() < found[0] || found[0] == query.limit();
        return JobPage.of(
                page.stream().map(JobRows.Numbered::job).toList(),
                more
                        ? Optional.of(ListCursor.of(query.order(), page.get(page.size() - 1))
                                .text())
                        : Optional.empty());
    }

    private static String keys(JobQuery query) {
        return switch (query.order()) {
            case STORE -> Conditions.isOfRunning(query) ? "p.lease, p.id" : "p.id";
            case CLAIM -> "j.priority, j.run_at, j.id";
            case NEWEST -> "j.created_at desc, j.id desc";
        };
    }

    /** The places that meet the conditions, as many as a page has; their jobs are looked at only if the conditions ask. */
    private static String places(JobQuery query, Conditions where) {
        boolean asksForJobs = query.order() != JobOrder.STORE
                || query.filter().dueBy().isPresent()
                || !query.filter().queues().isEmpty()
                || !query.filter().types().isEmpty();
        return "select p.* from (" + sources(query.filter()) + ") p"
                + (asksForJobs ? readsFinished(query) ? " join {job} j on j.id = p.id" : LOOKED_UP : "")
                + " where " + where.text() + " order by " + keys(query) + " limit ?";
    }

    /** Whether the places may be most of what is stored, so that the database does well to plan how to join their jobs. */
    private static boolean readsFinished(JobQuery query) {
        return !Conditions.isQuick(query)
                && Conditions.statuses(query.filter()).stream().anyMatch(JobStatus::isFinal);
    }

    private static String sources(JobFilter filter) {
        if (!filter.ids().isEmpty()) {
            return BY_ID;
        }
        StringJoiner sources = new StringJoiner(" union all ");
        StringJoiner finished = new StringJoiner(", ");
        for (JobStatus status : Conditions.statuses(filter)) {
            switch (status) {
                case PENDING -> sources.add(WAITING);
                case PROCESSING -> sources.add(RUNNING);
                case COMPLETED, FAILED, CANCELLED -> finished.add(Integer.toString(JobRows.code(status)));
            }
        }
        if (finished.length() > 0) {
            sources.add(FINISHED.formatted(finished));
        }
        return sources.toString();
    }

    private static Conditions where(JobQuery query, ListCursor after) {
        JobFilter filter = query.filter();
        Conditions where = new Conditions();
        if (!filter.ids().isEmpty()) {
            List<JobId> ids = List.copyOf(filter.ids());
            String codes = Conditions.statuses(filter).stream()
                    .map(status -> Integer.toString(JobRows.code(status)))
                    .collect(Collectors.joining(", "));
            where.add("p.status in (" + codes + ")", row -> new PostgresColumns<>(row, ids).uuid(JobId::value));
        }
        filter.owner()
                .ifPresent(owner -> where.add(
                        "p.node = any(array(select node from {node} where name || '@' || incarnation = ?))",
                        row -> row.text(owner)));
        if (filter.orphaned()) { // in the same statement, so nobody can join in between
            where.add("not exists (select from {node} n where n.node = p.node and n.ended is null)", none -> {});
        }
        where.add(kinds(filter, "j.kind"), row -> bindKinds(row, filter));
        filter.dueBy().ifPresent(time -> where.add("j.run_at <= ?", row -> row.number(time.toEpochMilli())));
        return addCursor(where, query, after);
    }

    private static Conditions addCursor(Conditions where, JobQuery query, ListCursor after) {
        String id = after.id().toString();
        return switch (query.order()) {
            case STORE ->
                Conditions.isOfRunning(query)
                        ? where.add(
                                "p.lease >= ? and (p.lease, p.id) > (?, ?::uuid)",
                                row -> row.number(after.number())
                                        .number(after.number())
                                        .text(id))
                        : query.cursor().isPresent() ? where.add("p.id > ?::uuid", row -> row.text(id)) : where;
            case CLAIM ->
                where.add(
                        "(j.priority, j.run_at, j.id) > (?, ?, ?::uuid)",
                        row -> row.number(after.number()).number(after.time()).text(id));
            case NEWEST ->
                where.add(
                        "(j.created_at, j.id) < (?, ?::uuid)",
                        row -> row.number(after.time()).text(id));
        };
    }

    private static Conditions inLanes(JobQuery query, ListCursor after) {
        Parameters.Binding half = row -> row.number(after.number())
                .number(after.time())
                .text(after.id().toString())
                .number(query.filter().dueBy().orElse(JobInfo.NEVER).toEpochMilli())
                .number(query.limit());
        return new Conditions()
                .add("", row -> row.number(Math.max(0, after.number())))
                .add("", half)
                .add("", half)
                .add("", row -> bindKinds(row, query.filter()));
    }

    /** A kind in the asked queues and of the asked types; the table is asked, for other processes add to it. */
    private static String kinds(JobFilter filter, String kind) {
        List<String> conditions = new ArrayList<>();
        if (!filter.queues().isEmpty()) {
            conditions.add("queue = any(?::text[])");
        }
        if (!filter.types().isEmpty()) {
            conditions.add("type = any(?::text[])");
        }
        return conditions.isEmpty()
                ? "true"
                : kind + " = any(array(select kind from {kind} where " + String.join(" and ", conditions) + "))";
    }

    private static void bindKinds(Parameters row, JobFilter filter) throws SQLException {
        if (!filter.queues().isEmpty()) {
            new PostgresColumns<>(row, List.copyOf(filter.queues())).text(queue -> queue);
        }
        if (!filter.types().isEmpty()) {
            new PostgresColumns<>(row, List.copyOf(filter.types())).text(type -> type);
        }
    }
}
