package dev.jobqueue.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The layout that jobqueue uses, without all that a library needs: a narrow row of a job moves from ready to a lease of a
 * whole batch to finished, and what it carries is written once.
 */
class MovedRows extends BareSql {
    private static final String TABLES = """
            create table job (
                id uuid primary key, run_at timestamptz not null default now(), created_at timestamptz not null default now(),
                attempt int not null default 0, failures int not null default 0, priority smallint not null default 0,
                kind smallint not null default 0, last_error text, payload bytea not null) with (fillfactor = 90);
            create table ready (
                run_at timestamptz not null, id uuid not null, attempt int not null, priority smallint not null,
                kind smallint not null, primary key (priority, run_at, id));
            create table later (
                run_at timestamptz not null, id uuid not null, attempt int not null, priority smallint not null,
                kind smallint not null, primary key (run_at, id));
            create table lease (
                lease bigint generated always as identity primary key, owner int not null, version int not null default 0,
                claimed_at timestamptz not null default now(), ids uuid[] not null, attempts int[] not null)
                with (fillfactor = 50);
            alter table lease alter ids set storage external, alter attempts set storage external;
            create index lease_owner on lease (owner);
            create table finished (
                id uuid primary key, claimed_at timestamptz, finished_at timestamptz not null, attempt int not null,
                state smallint not null);
            create index finished_other on finished (state, id) where state <> 2""";

    private static final String INSERT = """
            with j as (
                insert into job (id, payload) select * from unnest(?::uuid[], ?::bytea[])
                returning id, run_at, priority, kind),
            l as (insert into later select run_at, id, 0, priority, kind from j where run_at > now())
            insert into ready select run_at, id, 0, priority, kind from j where run_at <= now()""";

    private static final String COMPLETE = """
            with l as (
                delete from lease where lease = ? and owner = 1 and version = 0 returning claimed_at, ids, attempts)
            insert into finished (id, claimed_at, finished_at, attempt, state)
            select u.id, l.claimed_at, now(), u.attempt, 2 from l, unnest(l.ids, l.attempts) u (id, attempt);
            """;

    private static final String CLAIM = """
            with due as (
                delete from later where ctid = any(array(
                    select ctid from later where run_at <= now() order by run_at, id limit 1000 for update skip locked))
                returning *)
            insert into ready select * from due;
            with due as (
                delete from ready where ctid = any(array(
                    select ctid from ready where kind = any('{0}') order by priority, run_at, id limit ?
                    for update skip locked))
                returning priority, run_at, id, attempt + 1 as attempt),
            l as (
                insert into lease (owner, ids, attempts) select 1, array_agg(id), array_agg(attempt) from due
                having count(*) > 0 returning lease)
            select l.lease, d.id, d.attempt, j.payload, j.failures, d.priority, d.run_at
            from l, due d join job j on j.id = d.id order by d.priority, d.run_at, d.id""";

    MovedRows(Place place, Runnable handler) throws SQLException {
        super(place, handler, TABLES);
    }

    @Override
    String insert() {
        return INSERT;
    }

    @Override
    Batch completeAndClaim(Connection connection, @Nullable Batch last, int most) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(last == null ? CLAIM : COMPLETE + CLAIM)) {
            int no = 1;
            if (last != null) {
                statement.setLong(no++, last.lease());
            }
            statement.setInt(no, most);
            for (boolean rows = statement.execute(); !rows; rows = statement.getMoreResults()) {}
            try (ResultSet rows = statement.getResultSet()) {
                return read(rows);
            }
        }
    }
}
