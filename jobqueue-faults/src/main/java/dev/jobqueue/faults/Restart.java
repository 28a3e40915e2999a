package dev.jobqueue.faults;

import dev.jobqueue.JobRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A node is killed and started again under its name: it recovers its own jobs at once, without waiting for its lease. */
final class Restart implements Scenario {
    private static final int JOBS = 8;

    @Override
    public String name() {
        return "restart";
    }

    @Override
    public String about() {
        return "SIGKILL and restart under the same name: time from the new process's build() until its jobs run again";
    }

    @Override
    public List<Row> run(Cluster cluster) throws IOException, InterruptedException {
        int rounds = cluster.choose(20, 2);
        History history = cluster.history();
        NodeJvm node = cluster.start(Cluster.DEFAULT_LEASE, "a").get(0);
        Samples times = new Samples();
        for (int round = 1; round <= rounds; round++) {
            NodeJvm victim = node;
            cluster.submitAll(Collections.nCopies(JOBS, JobRequest.of(NodeProcess.HOLD, "")));
            cluster.await(
                    victim.who() + " is busy",
                    () -> history.unreturned(victim.who()).size() == JOBS);
            Killed killed = cluster.kill(victim);
            NodeJvm next = cluster.launch(Cluster.DEFAULT_LEASE, victim.name());
            cluster.awaitRunAgain(killed);
            long built = history.of(Entry.Kind.BUILDING, next.who())
                    .findFirst()
                    .orElseThrow()
                    .micros();
            double millis = (killed.lastRunAgain(history) - built) / 1_000.0;
            times.add(millis);
            cluster.say("round %d: %d jobs run again after %.0f ms"
                    .formatted(round, killed.jobs().size(), millis));
            cluster.settle();
            node = next;
        }
        Audit audit = cluster.audit();
        List<Row> rows = new ArrayList<>();
        rows.add(Row.told(name(), "rounds", rounds));
        rows.add(Row.told(name(), "jobs_run_again_median_ms", times.median()));
        rows.add(cluster.timed(Row.atMost(name(), "jobs_run_again_max_ms", times.max(), 1_000)));
        rows.addAll(audit.rows(name()));
        rows.add(Row.exactly(name(), "jobs_run_twice", audit.twice(), JOBS * rounds));
        return rows;
    }
}
