package dev.jobqueue.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** The same job by hand: one table, one connection, as durable, and each step committed before the next. */
final class StartupByJdbc {
    private StartupByJdbc() {}

    public static void main(String[] arguments) throws SQLException {
        Stamps stamps = new Stamps();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + arguments[0]);
                Statement statement = connection.createStatement()) {
            statement.execute("pragma journal_mode = wal");
            statement.execute("pragma synchronous = full");
            statement.execute(
                    "create table job (id integer primary key, type text, payload blob, status text, attempt integer)");
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into job (type, payload, status, attempt) values (?, ?, ?, 0)")) {
                insert.setString(1, "email");
                insert.setString(2, "hello@example.org");
                insert.setString(3, "PENDING");
                insert.executeUpdate();
            }
            change(connection, "update job set status = ?, attempt = attempt + 1 where id = ?", "PROCESSING");
            stamps.ran();
            change(connection, "update job set status = ? where id = ?", "COMPLETED");
            stamps.afterwards();
        }
        stamps.closed();
    }

    private static void change(Connection connection, String sql, String status) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, status);
            update.setLong(2, 1);
            update.executeUpdate();
        }
    }
}
