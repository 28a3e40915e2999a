package dev.jobqueue.store.jdbc;

import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Applies changes that hold, and says which these were. One statement takes all changes of running jobs: it locks their
 * leases, meets what these list with what is to be changed (grouped, for two arrays must not be joined: the database
 * thinks each has ten rows), and cuts that out. A job that waits, or is final, is looked up by its own row, which is
 * locked before: so whoever moves it between two tables is done, and seen.
 *
 * <p>A plan may be kept that was made when a table was empty. So no table is joined that the planner could begin with: rows
 * are looked up by laterals with a limit, and written by place or by key.
 *
 * <p>Whoever writes locks leases by their number, then jobs by their id, and never a lease after a job: so no two wait for
 * each other.
 */
final class PostgresApply implements Writer.Apply {
    private static final String RUNNING = """
            with c as materialized (select * from %s),
            l as materialized (
                select lease, ids, attempts from {lease} where lease = any(?::bigint[]) order by lease for update),
            met as materialized (
                select lease, id, attempt, max(row) as row, bool_or(stays) as stays, bool_or(there) as there
                from (
                    select lease, id, attempt, row, becomes = 1 as stays, false as there from c
                    union all
                    select l.lease, u.id, u.attempt, null, false, true
                    from l cross join lateral unnest(l.ids, l.attempts) u(id, attempt)) both_sides
                group by lease, id, attempt),
            verdict as materialized (select array_agg(there order by row) as holds from met where row is not null),
            listed as materialized (select c.* from c cross join verdict where verdict.holds[c.row]),
            kept as materialized (
                select lease, array_agg(id) as ids, array_agg(attempt) as attempts from met
                where there and (row is null or stays) group by lease),
            cut as (
                update {lease} x set ids = kept.ids, attempts = kept.attempts from kept
                where x.lease = kept.lease and cardinality(x.ids) > cardinality(kept.ids)),
            emptied as (
                delete from {lease} where lease = any(array(
                    select l.lease from l where not exists (select from kept where kept.lease = l.lease)))),
            """;

    private static final String LOCKED = """
            held as materialized (
                select listed.*, j.id as locked from listed
                left join lateral (
                    select id from {job} where listed.touches and id = listed.id limit 1 for update) j on true),
            """;

    /** Of running jobs whose own rows are not written, as those that only complete: most of all changes. */
    private static final String FINISH = """
            into_finished as (
                insert into {finished} (id, kind, status, attempt, finished_at)
                select id, kind, becomes, attempt, at from listed)
            select no from listed""";

    private static final String LOCK =
            "select count(*) from (select from {job} where id = any(?::uuid[]) order by id for update) locked; ";

    private static final String WAITING = LOCK + """
            with c as materialized (select * from %s),
            found as materialized (
                select c.*, r.place as in_ready, t.place as in_later
                from c
                cross join lateral (select * from {job} where id = c.id limit 1) j
                left join lateral (
                    select ctid as place from {ready}
                    where suspect = (j.crashes >= 2) and kind = j.kind and priority = j.priority and run_at = j.run_at
                        and id = j.id and attempt = c.attempt
                    limit 1 for update) r on true
                left join lateral (
                    select ctid as place from {later} where run_at = j.run_at and id = j.id and attempt = c.attempt
                    limit 1 for update) t on true),
            from_ready as (
                delete from {ready} where ctid = any(array(select in_ready from found)) returning id),
            from_later as (
                delete from {later} where ctid = any(array(select in_later from found)) returning id),
            held as materialized (
                select found.* from found
                where (in_ready is not null or in_later is not null)
                    and (select count(*) from from_ready) + (select count(*) from from_later) > 0),
            """;

    private static final String FINISHED = LOCK + """
            with c as materialized (select * from %s),
            found as materialized (
                select c.*, f.place
                from c
                cross join lateral (
                    select ctid as place from {finished} where id = c.id and status = c.was and attempt = c.attempt
                    limit 1 for update) f),
            from_finished as (
                delete from {finished} where ctid = any(array(select place from found)) returning id),
            held as materialized (select found.* from found where (select count(*) from from_finished) > 0),
            gone as (delete from {job} where id = any(array(select id from held where becomes is null))),
            """;

    /** Writes the rows of jobs: an insert that always conflicts, for it finds its row by the key whatever the planner thinks. */
    private static final String WRITE = """
            insert into {job} as j (id, kind, priority, run_at, attempt, failures, crashes, created_at, changed_at, error,
                attributes, memo, payload)
            select id, kind, coalesce(priority, -1), coalesce(run_at, -1), attempt, coalesce(failures, -1),
                coalesce(crashes, -1), 0, at, error, patch::jsonb, memo, '' from held where touches and %s
            on conflict (id) do update set attempt = excluded.attempt, changed_at = excluded.changed_at,
                priority = case when excluded.priority < 0 then j.priority else excluded.priority end,
                run_at = case when excluded.run_at < 0 then j.run_at else excluded.run_at end,
                failures = case when excluded.failures < 0 then j.failures else excluded.failures end,
                crashes = case when excluded.crashes < 0 then j.crashes else excluded.crashes end,
                error = coalesce(excluded.error, j.error), memo = coalesce(excluded.memo, j.memo),
                attributes = case when excluded.attributes is null then j.attributes
                    else jsonb_strip_nulls(coalesce(j.attributes, '{}') || excluded.attributes) end
            """;

    /** What becomes of those that held, wherever they were. */
    private static final String THEN = """
            waits as (%s returning j.crashes >= 2 as suspect, j.kind, j.priority, j.run_at, j.id, j.attempt, j.changed_at),
            into_ready as (
                insert into {ready} (suspect, kind, priority, run_at, id, attempt)
                select suspect, kind, priority, run_at, id, attempt from waits where run_at <= changed_at),
            into_later as (
                insert into {later} (suspect, kind, priority, run_at, id, attempt)
                select suspect, kind, priority, run_at, id, attempt from waits where run_at > changed_at),
            written as (%s),
            into_finished as (
                insert into {finished} (id, kind, status, attempt, finished_at)
                select id, kind, becomes, attempt, at from held where becomes >= 2)
            select no from held""".formatted(WRITE.formatted("becomes = 0"), WRITE.formatted("becomes > 0"));

    private final Kinds kinds;
    private final String notification;
    private final String finishing;
    private final String running;
    private final String waiting;
    private final String finished;

    PostgresApply(Names names, Kinds kinds, String notification) {
        this.kinds = kinds;
        this.notification = notification;
        this.finishing = names.sql(RUNNING.formatted(PostgresChanges.FEW) + FINISH);
        this.running = names.sql(RUNNING.formatted(PostgresChanges.ROWS) + LOCKED + THEN);
        this.waiting = names.sql(WAITING.formatted(PostgresChanges.ROWS) + THEN);
        this.finished = names.sql(FINISHED.formatted(PostgresChanges.ROWS) + THEN);
    }

    @Override
    public Collection<List<PlacedChange>> groups(List<PlacedChange> changes) {
        return PlacedChange.groups(changes);
    }

    /** In one round trip. In the order of ids, as everybody locks. */
    @Override
    public List<Integer> run(Transaction sql, List<PlacedChange> group) throws SQLException {
        List<PlacedChange> sorted = group.stream()
                .sorted(Comparator.comparing(one -> one.change().id()))
                .toList();
        String notify = group.stream().anyMatch(PlacedChange::makesPending) ? notification : "";
        return switch (group.get(0).where()) {
            case WAITING -> sql.last(notify + waiting, row -> bindWithIds(row, sorted), row -> row.getInt(1));
            case FINISHED -> sql.last(notify + finished, row -> bindWithIds(row, sorted), row -> row.getInt(1));
            case RUNNING ->
                group.stream().anyMatch(PlacedChange::touches)
                        ? sql.last(notify + running, row -> bindRunning(row, sorted), row -> row.getInt(1))
                        : sql.last(finishing, row -> bindFinishing(row, sorted), row -> row.getInt(1));
        };
    }

    private void bindWithIds(Parameters row, List<PlacedChange> group) throws SQLException {
        new PostgresColumns<>(row, group).uuid(one -> one.change().id().value());
        PostgresChanges.bind(row, group, kinds);
    }

    private void bindRunning(Parameters row, List<PlacedChange> group) throws SQLException {
        PostgresChanges.bind(row, group, kinds);
        bindLeases(row, group);
    }

    private void bindFinishing(Parameters row, List<PlacedChange> group) throws SQLException {
        PostgresChanges.bindFew(row, group, kinds);
        bindLeases(row, group);
    }

    private static void bindLeases(Parameters row, List<PlacedChange> group) throws SQLException {
        List<Long> leases = group.stream().map(PlacedChange::lease).distinct().toList();
        new PostgresColumns<>(row, leases).int8(lease -> lease);
    }
}
