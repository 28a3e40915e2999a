package dev.jobqueue.faults;

import dev.jobqueue.JobRequest;
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

    /** Fewer than a node's workers: each node has room for all. */
    private static final int JOBS = 6;

    private static final int LONGEST_DELAY_MILLIS = 400;

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
            holdJobs(cluster);
            List<NodeJvm> busy = nodes.stream()
                    .filter(node -> !history.unreturned(node.who()).isEmpty())
                    .toList();
            NodeJvm zombie = busy.get(cluster.random().nextInt(busy.size()));
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
            cluster.awaitHealth(zombie);
            cluster.settle();
            if (round % 20 == 0) {
                cluster.say("round %d: %d attempts were overtaken, %d of their results accepted"
                        .formatted(round, overtaken, stale));
            }
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

    /** Has handlers hold jobs; whose they are is chance, for both nodes look when each is due. */
    private static void holdJobs(Cluster cluster) throws IOException, InterruptedException {
        List<String> jobs = new ArrayList<>();
        for (int job = 0; job < JOBS; job++) {
            Duration delay = Duration.ofMillis(cluster.random().nextInt(LONGEST_DELAY_MILLIS));
            jobs.add(cluster.submit(JobRequest.of(NodeProcess.HOLD, "").withDelay(delay))
                    .toString());
        }
        cluster.await(
                "all jobs are held",
                () -> jobs.stream()
                        .noneMatch(job -> cluster.history().begun(job).isEmpty()));
    }
}
