package dev.jobqueue.faults;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A PostgreSQL server. */
final class PostgresServer implements Server {
    private static final Duration LONGEST_START = Duration.ofMinutes(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final EmbeddedPostgres server;
    private final Path data;
    private final Path log;
    private final List<String> command;

    private PostgresServer(EmbeddedPostgres server, Path data, Path log, List<String> command) {
        this.server = server;
        this.data = data;
        this.log = log;
        this.command = command;
    }

    /** Starts one, with its files in this folder. */
    static PostgresServer start(Path folder) throws IOException {
        Path data = folder.resolve("data");
        Path log = folder.resolve("server.log");
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setDataDirectory(data) // which it deletes when it ends
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "100")
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        PostgresServer started = new PostgresServer(server, data, log, command(pid(data)));
        for (String setting : List.of("fsync", "synchronous_commit")) {
            if (!started.sql("show " + setting).equals(List.of("on"))) {
                started.close();
                throw new IllegalStateException(setting + " must be on");
            }
        }
        return started;
    }

    /** What started it: to be used again after it ended. */
    private static List<String> command(long pid) {
        ProcessHandle.Info info = ProcessHandle.of(pid).orElseThrow().info();
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U")); // the server refuses to be root's
        }
        command.add(info.command().orElseThrow());
        command.addAll(List.of(info.arguments().orElseThrow()));
        return command;
    }

    private static long pid(Path data) throws IOException {
        return Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
    }

    @Override
    public Place place(String schema) {
        return new Place(server.getJdbcUrl("postgres", "postgres"), schema);
    }

    /** As {@code pg_ctl stop -m immediate}: as if it had crashed. */
    @Override
    public void crash() throws IOException, InterruptedException {
        end(Signal.QUIT);
    }

    private void end(Signal how) throws IOException, InterruptedException {
        long pid = pid(data);
        how.to(pid);
        try {
            ProcessHandle.of(pid)
                    .map(ProcessHandle::onExit)
                    .orElseThrow()
                    .get(LONGEST_START.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the server does not end", e);
        }
    }

    @Override
    public void startAgain() throws IOException, InterruptedException {
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        long limit = System.nanoTime() + LONGEST_START.toNanos();
        while (!answers()) {
            if (System.nanoTime() - limit > 0) {
                throw new IOException("the server does not start; its log is " + log);
            }
            Pause.of(BETWEEN_LOOKS);
        }
    }

    private boolean answers() {
        try (Connection connection = connect()) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void becomeStandby() throws IOException, InterruptedException {
        end(Signal.INT);
        Files.createFile(data.resolve("standby.signal"));
        startAgain();
    }

    @Override
    public void promote() {
        sql("select pg_promote()");
    }

    @Override
    public void terminateOneOf(String who) {
        sql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = '" + who
                + "' order by random() limit 1");
    }

    /** How many transactions it has committed. */
    long commits() {
        return Long.parseLong(
                sql("select sum(xact_commit) from pg_stat_database").get(0));
    }

    /** Writes each statement into the log from now on, or no more. */
    void logStatements(boolean all) {
        sql("alter system set log_line_prefix = '%a|'");
        sql("alter system set log_statement = '" + (all ? "all" : "none") + "'");
        sql("select pg_reload_conf()");
    }

    /** The log's lines of this process. */
    List<String> loggedOf(String who) throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.startsWith(who + "|LOG:"))
                .toList();
    }

    List<String> sql(String statement) {
        try (Connection connection = connect();
                Statement runs = connection.createStatement()) {
            List<String> rows = new ArrayList<>();
            if (runs.execute(statement)) {
                try (ResultSet answer = runs.getResultSet()) {
                    while (answer.next()) {
                        rows.add(answer.getString(1));
                    }
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(statement, e);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(server.getJdbcUrl("postgres", "postgres"));
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
