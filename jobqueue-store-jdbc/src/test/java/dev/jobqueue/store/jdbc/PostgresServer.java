package dev.jobqueue.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** A server for tests: one a run, on loopback, on disk as in production. It ends with the JVM. */
final class PostgresServer {
    private static final EmbeddedPostgres SERVER = start();
    private static final HikariDataSource POOL = pool(20);

    private PostgresServer() {}

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("max_connections", "100")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A pool that all tests share. */
    static DataSource source() {
        return POOL;
    }

    /** A pool of one's own. */
    static HikariDataSource pool(int connections) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(SERVER.getPostgresDatabase());
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(10_000);
        return new HikariDataSource(config);
    }

    /** Connections that no pool keeps. */
    static DataSource unpooled() {
        return SERVER.getPostgresDatabase();
    }

    /** Runs statements on a connection of their own, and returns the last one's first column. */
    static List<String> sql(String... statements) {
        try (Connection connection = unpooled().getConnection();
                Statement statement = connection.createStatement()) {
            List<String> rows = new ArrayList<>();
            for (String sql : statements) {
                rows.clear();
                if (statement.execute(sql)) {
                    ResultSet answer = statement.getResultSet();
                    while (answer.next()) {
                        rows.add(answer.getString(1));
                    }
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Empties the tables of a store in this schema, if it is there. */
    static void clear(String schema) {
        if (!sql("select 1 from pg_tables where tablename = 'job' and schemaname = '" + schema + "'")
                .isEmpty()) {
            String prefix = "\"" + schema + "\".";
            sql("truncate " + prefix + "job, " + prefix + "ready, " + prefix + "later, " + prefix + "lease, " + prefix
                    + "finished, " + prefix + "node");
        }
    }
}
