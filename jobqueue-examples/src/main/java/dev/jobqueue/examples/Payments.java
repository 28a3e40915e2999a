package dev.jobqueue.examples;

import dev.jobqueue.job.JobId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The effects of {@link SafeToRunTwice}: a table with one row a job, which only an attempt as high may overwrite. */
final class Payments implements AutoCloseable {
    /** The whole idea. It is one statement, so that nothing comes between its test and its write. */
    private static final String PAY = "insert into payment (job_id, attempt, account, amount) values (?, ?, ?, ?)"
            + " on conflict (job_id) do update set attempt = excluded.attempt, account = excluded.account,"
            + " amount = excluded.amount where payment.attempt <= excluded.attempt";

    private final Connection database;

    private Payments(Connection database) {
        this.database = database;
    }

    static Payments open() throws SQLException {
        Connection database = DriverManager.getConnection("jdbc:sqlite::memory:");
        try (Statement sql = database.createStatement()) {
            sql.execute("create table payment (job_id text primary key, attempt int, account text, amount int)");
        }
        return new Payments(database);
    }

    /** Returns whether it was written; if not, a later attempt was faster. */
    synchronized boolean pay(JobId job, int attempt, String account, int amount) throws SQLException {
        try (PreparedStatement sql = database.prepareStatement(PAY)) {
            sql.setString(1, job.toString());
            sql.setInt(2, attempt);
            sql.setString(3, account);
            sql.setInt(4, amount);
            return sql.executeUpdate() == 1;
        }
    }

    synchronized int total(String account) throws SQLException {
        try (PreparedStatement sql = database.prepareStatement("select sum(amount) from payment where account = ?")) {
            sql.setString(1, account);
            try (ResultSet row = sql.executeQuery()) {
                return row.next() ? row.getInt(1) : 0;
            }
        }
    }

    @Override
    public synchronized void close() throws SQLException {
        database.close();
    }
}
