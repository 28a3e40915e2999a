package dev.jobqueue.faults;

import dev.jobqueue.JobRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A node that has nothing to do: what that costs the database, and how soon it begins a job that another process submits. */
final class Idle implements Scenario {
    private static final Duration UNTIL_IDLE = Duration.ofSeconds(2);

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public String about() {
        return "statements a second of an idle node, and time from another process's submit to the handler's start";
    }

    @Override
    public boolean needsPostgres() {
        return true;
    }

    @Override
    public List<Row> run(Cluster cluster) throws IOException, InterruptedException {
        NodeJvm node = cluster.start(Cluster.DEFAULT_LEASE, "a").get(0);
        List<Row> rows = new ArrayList<>(statements(cluster, node));
        rows.addAll(wakeUps(cluster));
        rows.addAll(cluster.audit().rows(name()));
        return rows;
    }

    /**
     * A statement is what the store sends at once, and waits for: a transaction of several commands, or one command
     * without. What the pool sends to see whether a connection is alive is counted apart.
     */
    private List<Row> statements(Cluster cluster, NodeJvm node) throws IOException, InterruptedException {
        Pause.of(UNTIL_IDLE);
        Duration watched = cluster.choose(Duration.ofSeconds(120), Duration.ofSeconds(4));
        cluster.postgres().logStatements(true);
        Pause.of(watched);
        cluster.postgres().logStatements(false);
        int statements = 0;
        int commands = 0;
        int checks = 0;
        boolean within = false;
        for (String line : cluster.postgres().loggedOf(node.who())) {
            String command = line.substring(line.indexOf(": ", line.indexOf("LOG:") + 4) + 2)
                    .strip();
            if (command.isEmpty() || command.equals("execute <unnamed>:")) {
                checks++;
            } else {
                statements += within ? 0 : 1;
                commands++;
                within = command.startsWith("begin") || (within && !command.startsWith("commit"));
            }
        }
        double seconds = watched.toMillis() / 1_000.0;
        return List.of(
                Row.told(name(), "watched_s", seconds),
                Row.atLeast(name(), "statements", statements, 1),
                cluster.timed(Row.atMost(name(), "statements_per_s", statements / seconds, 1)),
                Row.told(name(), "sql_commands_per_s", commands / seconds),
                Row.told(name(), "pool_checks_per_s", checks / seconds));
    }

    private List<Row> wakeUps(Cluster cluster) throws IOException, InterruptedException {
        Samples fromSubmit = new Samples();
        Samples fromStored = new Samples();
        History history = cluster.history();
        int jobs = cluster.choose(200, 20);
        for (int job = 1; job <= jobs; job++) {
            long micros = Entry.microsNow();
            String id = cluster.submit(JobRequest.of(NodeProcess.WORK, "1")).toString();
            long stored = Entry.microsNow();
            cluster.await(id + " is run", () -> history.hasReturned(id, 1));
            long began = history.begun(id).get(0).micros();
            fromSubmit.add((began - micros) / 1_000.0);
            fromStored.add((began - stored) / 1_000.0);
            Pause.of(Duration.ofMillis(cluster.random().nextInt(20)));
        }
        return List.of(
                Row.told(name(), "submits", jobs),
                Row.told(name(), "submit_to_handler_p50_ms", fromSubmit.median()),
                cluster.timed(Row.atMost(name(), "wake_up_p50_ms", fromStored.median(), 5)),
                Row.told(name(), "wake_up_p99_ms", fromStored.atShare(0.99)));
    }
}
