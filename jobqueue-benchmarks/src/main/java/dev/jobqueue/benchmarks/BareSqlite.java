package dev.jobqueue.benchmarks;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What SQLite can do with the tables and indexes that jobqueue has, as durable: one thread that completes its last batch and
 * claims the next in one transaction. Nothing else uses the file, so nothing is fenced.
 */
final class BareSqlite implements Contestant {
    private static final int BATCH = 500;

    private static final List<String> TABLES = List.of(
            "pragma journal_mode = wal",
            "pragma synchronous = full",
            """
            create table job (
                no integer primary key, id blob not null, kind integer not null, priority integer not null,
                run_at integer not null, status integer not null, attempt integer not null, failures integer not null,
                crashes integer not null, owner text, created_at integer not null, changed_at integer not null)""",
            "create unique index job_id on job (id)",
            "create index job_pending on job (status, kind, crashes >= 2, priority, run_at, id) where status = 0",
            "create index job_processing on job (status) where status = 1",
            "create index job_final on job (status, kind) where status >= 2",
            "create table payload (no integer primary key, payload blob not null)");

    private static final String JOB = "insert into job values (?, ?, 1, 5, ?, 0, 0, 0, 0, null, ?, ?)";
    private static final String PAYLOAD = "insert into payload values (?, ?)";
    private static final String CLAIM = """
            update job set status = 1, attempt = attempt + 1, owner = 'node', changed_at = ?
            where no in (
                select no from job where status = 0 and kind = 1 and (crashes >= 2) = 0 and run_at <= ?
                order by priority, run_at, id limit %d)
            returning no, id, attempt, (select payload from payload where payload.no = job.no)""".formatted(BATCH);
    private static final String COMPLETE =
            "update job set status = 2, owner = null, changed_at = ? where no = ? and status = 1 and attempt = ?";

    private record Claimed(long no, int attempt) {}

    private final Connection connection;
    private final Runnable handler;
    private long stored;
    private @Nullable Thread claimer;
    private @Nullable SQLException failed;

    BareSqlite(Place place, Runnable handler) throws SQLException {
        this.handler = handler;
        this.connection = DriverManager.getConnection("jdbc:sqlite:" + place.name());
        try (Statement statement = connection.createStatement()) {
            for (String each : TABLES) {
                statement.execute(each);
            }
        }
        connection.setAutoCommit(false);
    }

    @Override
    public void submit() throws SQLException {
        submitAll(1);
    }

    @Override
    public void submitAll(int jobs) throws SQLException {
        try (PreparedStatement job = connection.prepareStatement(JOB);
                PreparedStatement payload = connection.prepareStatement(PAYLOAD)) {
            for (int left = jobs; left > 0; left -= STORED_AT_ONCE) {
                for (int i = 0; i < Math.min(STORED_AT_ONCE, left); i++) {
                    insert(job, payload);
                }
                connection.commit();
            }
        }
    }

    private void insert(PreparedStatement job, PreparedStatement payload) throws SQLException {
        stored++;
        long now = System.currentTimeMillis();
        job.setLong(1, stored);
        job.setBytes(2, ByteBuffer.allocate(16).putLong(now).putLong(stored).array());
        job.setLong(3, now);
        job.setLong(4, now);
        job.setLong(5, now);
        job.executeUpdate();
        payload.setLong(1, stored);
        payload.setBytes(2, Contestant.payload());
        payload.executeUpdate();
    }

    @Override
    public void start() {
        claimer = new Thread(this::drain, "claimer");
        claimer.start();
    }

    private void drain() {
        try (PreparedStatement claim = connection.prepareStatement(CLAIM);
                PreparedStatement complete = connection.prepareStatement(COMPLETE)) {
            List<Claimed> batch = claim(claim);
            connection.commit();
            while (!batch.isEmpty()) {
                batch.forEach(job -> handler.run());
                complete(complete, batch);
                batch = claim(claim);
                connection.commit();
            }
        } catch (SQLException e) {
            failed = e;
        }
    }

    private static List<Claimed> claim(PreparedStatement claim) throws SQLException {
        long now = System.currentTimeMillis();
        claim.setLong(1, now);
        claim.setLong(2, now);
        List<Claimed> claimed = new ArrayList<>();
        try (ResultSet rows = claim.executeQuery()) {
            while (rows.next()) {
                claimed.add(new Claimed(rows.getLong(1), rows.getInt(3)));
                rows.getBytes(2);
                rows.getBytes(4);
            }
        }
        return claimed;
    }

    private static void complete(PreparedStatement complete, List<Claimed> batch) throws SQLException {
        long now = System.currentTimeMillis();
        for (Claimed job : batch) {
            complete.setLong(1, now);
            complete.setLong(2, job.no());
            complete.setInt(3, job.attempt());
            complete.executeUpdate();
        }
    }

    @Override
    public void awaitFinished() throws SQLException, InterruptedException {
        if (claimer != null) {
            claimer.join();
        }
        if (failed != null) {
            throw failed;
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
