package dev.jobqueue.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A server for tests: one a run, on loopback, with the settings of production. It ends with the JVM. Its files are in memory
 * where the machine has a folder for that: tests commit by the thousand, and none of them cuts the power.
 */
final class PostgresServer {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final EmbeddedPostgres SERVER = start();
    private static final HikariDataSource POOL = pool(20, "tests");

    private PostgresServer() {}

    private static EmbeddedPostgres start() {
        try {
            Path folder = hasRoom(MEMORY)
                    ? Files.createTempDirectory(MEMORY, "jobqueue-postgres")
                    : Files.createTempDirectory("jobqueue-postgres");
            return EmbeddedPostgres.builder()
                    .setDataDirectory(folder) // which it deletes when it ends
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("max_connections", "100")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean hasRoom(Path folder) throws IOException {
        return Files.isWritable(folder) && Files.getFileStore(folder).getUsableSpace() > (1L << 30);
    }

    /** A pool that all tests share. */
    static DataSource source() {
        return POOL;
    }

    /** A pool of one's own. */
    static HikariDataSource pool(int connections, String name) {
        return pool(connections, name, "");
    }

    /** The same with options of the server for its connections. */
    static HikariDataSource pool(int connections, String name, String options) {
        HikariConfig config = new HikariConfig();
        PGSimpleDataSource source = (PGSimpleDataSource) SERVER.getPostgresDatabase();
        source.setApplicationName(name);
        source.setOptions(options);
        config.setDataSource(source);
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

    /** Empties the tables of a store in this schema, if it is there. Row by row, for few rows are deleted sooner than files. */
    static void clear(String schema) {
        if (!sql("select 1 from pg_tables where tablename = 'job' and schemaname = '" + schema + "'")
                .isEmpty()) {
            sql(Stream.of("job", "ready", "later", "lease", "finished", "node")
                    .map(table -> "delete from \"" + schema + "\"." + table)
                    .toArray(String[]::new));
        }
    }
}
