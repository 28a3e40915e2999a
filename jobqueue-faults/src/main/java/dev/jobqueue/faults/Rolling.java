package dev.jobqueue.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Three nodes are ended and started again under load, one after another, as a deployment does it. */
final class Rolling implements Scenario {
    private final String name;
    private final String how;
    private final boolean kills;

    private Rolling(String name, String how, boolean kills) {
        this.name = name;
        this.how = how;
        this.kills = kills;
    }

    static Rolling byStops() {
        return new Rolling("rolling", "clean stops", false);
    }

    /** A clean stop is an optimisation: all must also be right without. */
    static Rolling byKills() {
        return new Rolling("rolling-by-kill", "a SIGKILL in the place of each stop", true);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String about() {
        return "rolling restart of three nodes under load, by " + how + ": jobs lost, jobs run twice";
    }

    @Override
    public List<Row> run(Cluster cluster) throws IOException, InterruptedException {
        int rounds = cluster.choose(5, 1);
        List<NodeJvm> nodes = cluster.start(Cluster.DEFAULT_LEASE, "a", "b", "c");
        Load load = cluster.load(60, 400);
        for (int round = 1; round <= rounds; round++) {
            List<NodeJvm> restarted = new ArrayList<>();
            for (NodeJvm node : nodes) {
                cluster.await(
                        node.who() + " works",
                        () -> !cluster.history().unreturned(node.who()).isEmpty());
                if (kills) {
                    node.kill();
                } else {
                    node.stop();
                }
                restarted.addAll(cluster.start(Cluster.DEFAULT_LEASE, node.name()));
            }
            nodes = restarted;
            cluster.say("round %d: all three were restarted".formatted(round));
        }
        load.stop();
        Audit audit = cluster.audit();
        List<Row> rows = new ArrayList<>();
        rows.add(Row.told(name(), "restarts", rounds * nodes.size()));
        rows.addAll(audit.rows(name()));
        rows.add(
                kills
                        ? Row.told(name(), "jobs_run_twice", audit.twice())
                        : Row.exactly(name(), "jobs_run_twice", audit.twice(), 0));
        return rows;
    }
}
