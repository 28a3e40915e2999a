package dev.jobqueue.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A PostgreSQL server, with all settings as they are but for the number of connections. Its commits wait for the disk. */
final class PostgresServer implements AutoCloseable {
    private final EmbeddedPostgres server;
    private int places;

    private PostgresServer(EmbeddedPostgres server) {
        this.server = server;
    }

    /** Starts one, with its files in this folder. */
    static PostgresServer start(Path folder) throws IOException {
        Path log = folder.resolve("server.log");
        PostgresServer started = new PostgresServer(EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("data")) // which it deletes when it ends
                .setServerConfig("fsync", "on") // which it would turn off
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "100")
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start());
        for (String setting : List.of("fsync", "synchronous_commit")) {
            if (!started.sql("show " + setting).equals("on")) {
                started.close();
                throw new IllegalStateException(setting + " must be on");
            }
        }
        return started;
    }

    /** A schema that nobody has used. */
    Place newPlace() {
        places++;
        return new Place(server.getJdbcUrl("postgres", "postgres"), "place_" + places);
    }

    /** Removes it, and the one beside it. */
    void drop(Place place) {
        for (Place each : List.of(place, place.beside())) {
            sql("drop schema if exists " + each.name() + " cascade");
        }
    }

    /** Runs a statement, and returns the last row's first column, or nothing. */
    private String sql(String sql) {
        try (Connection connection = DriverManager.getConnection(server.getJdbcUrl("postgres", "postgres"));
                Statement statement = connection.createStatement()) {
            String last = "";
            if (statement.execute(sql)) {
                try (ResultSet rows = statement.getResultSet()) {
                    while (rows.next()) {
                        last = rows.getString(1);
                    }
                }
            }
            return last;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
