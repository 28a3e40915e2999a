package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.JobStatus;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Applies changes that hold, and says which these were. One statement takes all changes of running jobs: it locks their
 * leases, meets what these list with what is to be changed (grouped, for two arrays must not be joined: the database
 * thinks each has ten rows), and cuts that out. A job that waits, or is final, is looked up by its own row, which is
 * locked before: so whoever moves it between two tables is done, and seen.
 *
 * <p>Whoever writes locks leases by their number, then jobs by their id, and never a lease after a job: so no two wait for
 * each other.
 */
final class PostgresApply {
    private static final String RUNNING = """
            with c as materialized (select * from %s),
            l as materialized (
                select lease, ids, attempts from {lease} where lease = any(?::bigint[]) order by lease for update),
            met as materialized (
                select lease, id, attempt, max(row) as row, bool_or(stays) as stays, bool_or(listed) as listed
                from (
                    select lease, id, attempt, row, becomes = 1 as stays, false as listed from c
                    union all
                    select l.lease, u.id, u.attempt, null, false, true
                    from l cross join lateral unnest(l.ids, l.attempts) u(id, attempt)) both_sides
                group by lease, id, attempt),
            verdict as materialized (select array_agg(listed order by row) as holds from met where row is not null),
            held as materialized (select c.* from c cross join verdict where verdict.holds[c.row]),
            kept as materialized (
                select lease, array_agg(id) as ids, array_agg(attempt) as attempts from met
                where listed and (row is null or stays) group by lease),
            cut as (
                update {lease} x set ids = kept.ids, attempts = kept.attempts from kept
                where x.lease = kept.lease and cardinality(x.ids) > cardinality(kept.ids)),
            emptied as (
                delete from {lease} x using l
                where x.lease = l.lease and not exists (select from kept where kept.lease = l.lease)),
            """;

    private static final String LOCK =
            "select count(*) from (select from {job} where id = any(?::uuid[]) order by id for update) locked; ";

    private static final String WAITING = LOCK + """
            with c as materialized (select * from %s),
            from_ready as (
                delete from {ready} r using c join {job} j on j.id = c.id
                where r.suspect = (j.crashes >= 2) and r.kind = j.kind and r.priority = j.priority
                    and r.run_at = j.run_at and r.id = j.id and r.attempt = c.attempt
                returning c.*),
            from_later as (
                delete from {later} t using c join {job} j on j.id = c.id
                where t.run_at = j.run_at and t.id = j.id and t.attempt = c.attempt
                returning c.*),
            held as materialized (select * from from_ready union all select * from from_later),
            """;

    private static final String FINISHED = LOCK + """
            with c as materialized (select * from %s),
            held as (
                delete from {finished} f using c
                where f.id = c.id and f.status = c.was and f.attempt = c.attempt
                returning c.*),
            gone as (delete from {job} j using held c where c.becomes is null and j.id = c.id),
            """;

    /** What becomes of those that held, wherever they were. */
    private static final String THEN = """
            changed as (
                update {job} j set attempt = c.attempt, changed_at = c.at, run_at = coalesce(c.run_at, j.run_at),
                    priority = coalesce(c.priority, j.priority), failures = coalesce(c.failures, j.failures),
                    crashes = coalesce(c.crashes, j.crashes), error = coalesce(c.error, j.error),
                    memo = coalesce(c.memo, j.memo), attributes = case when c.patch is null then j.attributes
                        else jsonb_strip_nulls(coalesce(j.attributes, '{}') || c.patch::jsonb) end
                from held c where c.touches and j.id = c.id
                returning j.crashes >= 2 as suspect, j.kind, j.priority, j.run_at, j.id, j.attempt, c.becomes, c.at),
            into_ready as (
                insert into {ready} (suspect, kind, priority, run_at, id, attempt)
                select suspect, kind, priority, run_at, id, attempt from changed where becomes = 0 and run_at <= at),
            into_later as (
                insert into {later} (suspect, kind, priority, run_at, id, attempt)
                select suspect, kind, priority, run_at, id, attempt from changed where becomes = 0 and run_at > at),
            into_finished as (
                insert into {finished} (id, kind, status, attempt, finished_at)
                select id, kind, becomes, attempt, at from held where becomes >= 2)
            select no from held""";

    private final Kinds kinds;
    private final String notification;
    private final String running;
    private final String waiting;
    private final String finished;

    PostgresApply(PostgresNames names, Kinds kinds, String notification) {
        this.kinds = kinds;
        this.notification = notification;
        this.running = names.sql(RUNNING.formatted(PostgresChange.ROWS) + THEN);
        this.waiting = names.sql(WAITING.formatted(PostgresChange.ROWS) + THEN);
        this.finished = names.sql(FINISHED.formatted(PostgresChange.ROWS) + THEN);
    }

    /** The changes by where their jobs are said to be: each group to be applied in a transaction of its own. */
    static Collection<List<PostgresChange>> groups(List<PostgresChange> changes) {
        return changes.stream()
                .collect(Collectors.groupingBy(one -> place(one.change().from())))
                .values();
    }

    private enum Place {
        WAITING,
        RUNNING,
        FINISHED
    }

    private static Place place(JobStatus status) {
        return switch (status) {
            case PENDING -> Place.WAITING;
            case PROCESSING -> Place.RUNNING;
            case COMPLETED, FAILED, CANCELLED -> Place.FINISHED;
        };
    }

    /** The numbers of those of a group that were applied, in one round trip. In the order of ids, as everybody locks. */
    List<Integer> run(PostgresTransaction sql, List<PostgresChange> group) throws SQLException {
        List<PostgresChange> sorted = group.stream()
                .sorted(Comparator.comparing(one -> one.change().id()))
                .toList();
        Place place = place(group.get(0).change().from());
        String notify = group.stream().anyMatch(PostgresChange::makesPending) ? notification : "";
        return sql.last(notify + statement(place), row -> bind(row, sorted, place), row -> row.getInt(1));
    }

    private String statement(Place place) {
        return switch (place) {
            case WAITING -> waiting;
            case RUNNING -> running;
            case FINISHED -> finished;
        };
    }

    private void bind(Parameters row, List<PostgresChange> group, Place place) throws SQLException {
        if (place == Place.RUNNING) {
            PostgresChange.bind(row, group, kinds);
            new PostgresColumns<>(
                            row,
                            group.stream().map(PostgresChange::lease).distinct().toList())
                    .int8(lease -> lease);
        } else {
            new PostgresColumns<>(row, group).uuid(one -> one.change().id().value());
            PostgresChange.bind(row, group, kinds);
        }
    }
}
