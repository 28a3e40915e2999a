package dev.jobqueue.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The database is away in several ways, under load: backends are terminated one by one; the server crashes; it can only be
 * read, as in a failover; a node's pool is empty. Each time the nodes go on by themselves.
 */
final class Outage implements Scenario {
    private static final Duration BETWEEN_TERMINATIONS = Duration.ofMillis(100);
    private static final Duration SOON = Duration.ofSeconds(10);

    @Override
    public String name() {
        return "outage";
    }

    @Override
    public String about() {
        return "backends terminated, the server crashed, read-only, an empty pool: the nodes go on, and no job is lost";
    }

    @Override
    public List<Row> run(Cluster cluster) throws IOException, InterruptedException {
        Duration away = cluster.choose(Duration.ofSeconds(20), Duration.ofSeconds(2));
        int terminations = cluster.choose(100, 10);
        Server server = cluster.server();
        List<NodeJvm> nodes = cluster.start(Cluster.DEFAULT_LEASE, "a", "b");
        Load load = cluster.load(40, 200);
        List<Row> rows = new ArrayList<>();
        rows.add(Row.told(name(), "away_s", away.toSecondsPart()));
        awaitWork(cluster, nodes);

        for (int each = 0; each < terminations; each++) {
            NodeJvm either = nodes.get(cluster.random().nextInt(nodes.size()));
            server.terminateOneOf(either.who());
            Pause.of(BETWEEN_TERMINATIONS);
        }
        rows.add(goOn(cluster, nodes, "terminated"));

        server.crash();
        Pause.of(away);
        int troubled = troubled(cluster, nodes);
        server.startAgain();
        rows.add(goOn(cluster, nodes, "crashed"));

        server.becomeStandby();
        Pause.of(away);
        troubled += troubled(cluster, nodes);
        server.promote();
        rows.add(goOn(cluster, nodes, "read_only"));
        rows.add(Row.exactly(name(), "troubles_not_told", 2 * nodes.size() - troubled, 0));
        rows.add(Row.exactly(
                name(),
                "nodes_taken_for_dead",
                cluster.history().of(Entry.Kind.EXPIRED).toList().size(),
                0));

        NodeJvm starved = nodes.get(0);
        starved.tell(NodeProcess.Order.STARVE);
        Pause.of(away);
        starved.tell(NodeProcess.Order.FEED);
        rows.add(goOn(cluster, nodes, "starved"));

        load.stop();
        Audit audit = cluster.audit();
        rows.addAll(audit.rows(name()));
        rows.add(Row.told(name(), "jobs_run_twice", audit.twice()));
        int repeated = 0;
        for (NodeJvm node : nodes) {
            repeated += Conditions.repeated(Files.readAllLines(node.log()));
        }
        rows.add(Row.exactly(name(), "repeated_log_lines", repeated, 0));
        return rows;
    }

    /** How many call themselves unhealthy, now or soon: a call that has just begun waits for its pool first. */
    private static int troubled(Cluster cluster, List<NodeJvm> nodes) throws IOException, InterruptedException {
        long limit = System.nanoTime() + SOON.toNanos();
        int troubled = 0;
        for (NodeJvm node : nodes) {
            boolean healthy = cluster.isHealthy(node);
            while (healthy && System.nanoTime() - limit < 0) {
                Pause.of(BETWEEN_TERMINATIONS);
                healthy = cluster.isHealthy(node);
            }
            troubled += healthy ? 0 : 1;
        }
        return troubled;
    }

    /** How long it takes from now until each node works, and is healthy. */
    private Row goOn(Cluster cluster, List<NodeJvm> nodes, String after) throws IOException, InterruptedException {
        long since = Entry.microsNow();
        awaitWork(cluster, nodes);
        double millis = (Entry.microsNow() - since) / 1_000.0;
        cluster.say("%s: all work again after %.0f ms".formatted(after, millis));
        return cluster.timed(Row.atMost(name(), after + "_works_again_ms", millis, 10_000));
    }

    private static void awaitWork(Cluster cluster, List<NodeJvm> nodes) throws IOException, InterruptedException {
        long since = Entry.microsNow();
        for (NodeJvm node : nodes) {
            cluster.await(node.who() + " works", () -> hasBegun(cluster, node, since));
            cluster.awaitHealth(node);
        }
    }

    private static boolean hasBegun(Cluster cluster, NodeJvm node, long since) {
        return cluster.history().of(Entry.Kind.BEGAN, node.who()).anyMatch(entry -> entry.micros() > since);
    }
}
