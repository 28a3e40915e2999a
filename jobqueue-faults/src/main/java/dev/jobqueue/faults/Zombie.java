package dev.jobqueue.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One of two nodes is stopped in mid-work until the other has taken its jobs, and goes on as if nothing had been. At that
 * moment its handlers return, so that their results race with its learning that it was ended.
 */
final class Zombie implements Scenario {
    /** Short, so that many rounds are soon over. */
    private static final Duration LEASE = Duration.ofMillis(600);

    private static final Duration BETWEEN_SUBMITS = Duration.ofMillis(300);

    @Override
    public String name() {
        return "zombie";
    }

    @Override
    public String about() {
        return "SIGSTOP past the lease, then SIGCONT: results of attempts that were overtaken";
    }

    @Override
    public List<Row> run(Cluster cluster) throws IOException, InterruptedException {
        int rounds = cluster.choose(200, 3);
        List<NodeJvm> nodes = cluster.start(LEASE, "a", "b");
        History history = cluster.history();
        int overtaken = 0;
        int stale = 0;
        for (int round = 1; round <= rounds; round++) {
            for (NodeJvm node : nodes) {
                keepBusy(cluster, node);
            }
            int chosen = cluster.random().nextInt(nodes.size());
            NodeJvm zombie = nodes.get(chosen);
            NodeJvm other = nodes.get(1 - chosen);
            zombie.pause();
            List<Entry> late = history.unreturned(zombie.who());
            cluster.await(
                    "the jobs of " + zombie.who() + " are taken",
                    () -> late.stream()
                            .allMatch(run ->
                                    history.begunAfter(History.Run.of(run)).isPresent()));
            zombie.tell(NodeProcess.Order.GO);
            zombie.resume();
            cluster.await(
                    "the results of " + zombie.who() + " are refused",
                    () -> late.stream().allMatch(run -> history.isSettled(History.Run.of(run))));
            overtaken += late.size();
            stale += Audit.stale(late, history, cluster.client());
            other.tell(NodeProcess.Order.GO);
            if (round % 20 == 0) {
                cluster.say("round %d: %d attempts were overtaken, %d of their results accepted"
                        .formatted(round, overtaken, stale));
            }
        }
        for (NodeJvm node : nodes) {
            keepBusy(cluster, node);
        }
        Audit audit = cluster.audit();
        List<Row> rows = new ArrayList<>();
        rows.add(Row.told(name(), "rounds", rounds));
        rows.add(Row.atLeast(name(), "overtaken_attempts", overtaken, rounds));
        rows.add(Row.exactly(name(), "stale_results_at_once", stale, 0));
        rows.addAll(audit.rows(name()));
        rows.add(Row.told(name(), "jobs_run_twice", audit.twice()));
        return rows;
    }

    /** Submits until this node holds a job: so it must have come back from an earlier round. */
    private static void keepBusy(Cluster cluster, NodeJvm node) throws IOException, InterruptedException {
        for (int job = 1; !cluster.isSo(() -> isBusy(cluster, node), BETWEEN_SUBMITS); job++) {
            if (job > 100) {
                throw new IllegalStateException(node.who() + " takes no jobs any more; its log is " + node.log());
            }
            cluster.submit(NodeProcess.HOLD, "");
        }
    }

    private static boolean isBusy(Cluster cluster, NodeJvm node) {
        return !cluster.history().unreturned(node.who()).isEmpty();
    }
}
