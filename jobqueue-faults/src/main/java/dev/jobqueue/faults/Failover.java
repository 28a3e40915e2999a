package dev.jobqueue.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One of three nodes is killed under load. The others run its jobs again when its lease is over. */
final class Failover implements Scenario {
    private static final List<String> NAMES = List.of("a", "b", "c");

    @Override
    public String name() {
        return "failover";
    }

    @Override
    public String about() {
        return "SIGKILL of one of three nodes under load: time until all of its jobs run again";
    }

    @Override
    public List<Row> run(Cluster cluster) throws IOException, InterruptedException {
        Duration lease = cluster.choose(Cluster.DEFAULT_LEASE, Duration.ofSeconds(1));
        int rounds = cluster.choose(10, 1);
        List<NodeJvm> nodes = new ArrayList<>(cluster.start(lease, NAMES.toArray(String[]::new)));
        Load load = cluster.load(30, 1_000);
        Samples times = new Samples();
        int jobs = 0;
        for (int round = 1; round <= rounds; round++) {
            NodeJvm victim = nodes.remove(cluster.random().nextInt(nodes.size()));
            cluster.await(
                    victim.who() + " works",
                    () -> cluster.history().unreturned(victim.who()).size() >= 3);
            Killed killed = cluster.kill(victim);
            cluster.awaitRunAgain(killed);
            double millis = (killed.lastRunAgain(cluster.history()) - killed.micros()) / 1_000.0;
            times.add(millis);
            jobs += killed.jobs().size();
            cluster.say("round %d: %s had %d jobs; they run again after %.0f ms"
                    .formatted(round, victim.who(), killed.jobs().size(), millis));
            nodes.addAll(cluster.start(lease, victim.name()));
        }
        load.stop();
        Audit audit = cluster.audit();
        List<Row> rows = new ArrayList<>();
        rows.add(Row.told(name(), "rounds", rounds));
        rows.add(Row.atLeast(name(), "orphaned_jobs", jobs, 1));
        rows.add(Row.told(name(), "jobs_run_again_median_ms", times.median()));
        rows.add(cluster.timed(Row.atMost(name(), "jobs_run_again_max_ms", times.max(), 15_000)));
        rows.addAll(audit.rows(name()));
        rows.add(Row.told(name(), "jobs_run_twice", audit.twice()));
        return rows;
    }
}
