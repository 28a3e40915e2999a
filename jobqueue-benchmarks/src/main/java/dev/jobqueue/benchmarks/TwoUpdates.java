package dev.jobqueue.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The usual design: one table, and two updates of a job's row. Batches, no owners, no history of errors. */
final class TwoUpdates extends BareSql {
    private static final String TABLES = """
            create table job (
                id uuid primary key, priority smallint not null default 0, run_at timestamptz not null default now(),
                state smallint not null default 0, attempt int not null default 0, claimed_at timestamptz,
                finished_at timestamptz, payload bytea not null);
            create index job_pending on job (priority, run_at, id) where state = 0""";

    private static final String COMPLETE = """
            update job set state = 2, finished_at = now() from unnest(?::uuid[], ?::int[]) done (id, attempt)
            where job.id = done.id and (job.attempt = done.attempt) is true;
            """;

    private static final String CLAIM = """
            update job set state = 1, attempt = attempt + 1, claimed_at = now()
            where id = any(array(
                select id from job where state = 0 and run_at <= now() order by priority, run_at, id limit ?
                for update skip locked))
            returning 0, id, attempt, payload""";

    TwoUpdates(Place place, Runnable handler) throws SQLException {
        super(place, handler, TABLES);
    }

    @Override
    String insert() {
        return "insert into job (id, payload) select * from unnest(?::uuid[], ?::bytea[])";
    }

    @Override
    Batch completeAndClaim(Connection connection, @Nullable Batch last, int most) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(last == null ? CLAIM : COMPLETE + CLAIM)) {
            int no = 1;
            if (last != null) {
                statement.setArray(
                        no++, connection.createArrayOf("uuid", last.ids().toArray()));
                statement.setArray(
                        no++, connection.createArrayOf("int4", last.attempts().toArray()));
            }
            statement.setInt(no, most);
            statement.execute();
            if (last != null) {
                statement.getMoreResults();
            }
            try (ResultSet rows = statement.getResultSet()) {
                return read(rows);
            }
        }
    }
}
