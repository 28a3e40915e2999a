package dev.jobqueue.benchmarks;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;

/** The tables of a contestant. */
final class Tables {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);

    private Tables() {}

    static void create(DataSource source, String statements) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(statements);
        }
    }

    /** Waits until a query has no row. */
    static void awaitNone(DataSource source, String query) throws SQLException, InterruptedException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            while (statement.executeQuery(query).next()) {
                Pause.of(BETWEEN_LOOKS);
            }
        }
    }
}
