package dev.jobqueue.faults;

import dev.jobqueue.JobRequest;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Jobs that end whatever process runs them, among good ones. Who supervises the nodes starts them again each time. */
final class Pill implements Scenario {
    private static final int GOOD_ONES = 500;
    private static final int WORKERS = 16;
    /** Each pill may cost so many processes; design says five, and one more may meet what was under way. */
    private static final int MOST_RESTARTS = 6;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    @Override
    public String name() {
        return "pill";
    }

    @Override
    public String about() {
        return "jobs that halt their JVM among 500 good ones and 16 workers: restarts, pills quarantined, others failed";
    }

    @Override
    public List<Row> run(Cluster cluster) throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        rows.addAll(part(cluster, "one", 1, Optional.empty(), "one"));
        if (cluster.choose(true, false)) {
            rows.addAll(part(cluster, "three", 3, Optional.empty(), "three"));
            rows.addAll(part(cluster, "load", 1, Optional.of(cluster.load(60, 100)), "load"));
        }
        rows.addAll(part(cluster, "nodes", 1, Optional.empty(), "a", "b", "c"));
        Audit audit = cluster.audit();
        rows.addAll(audit.rows(name()));
        rows.add(Row.told(name(), "jobs_run_twice", audit.twice()));
        return rows;
    }

    private List<Row> part(Cluster cluster, String part, int number, Optional<Load> load, String... names)
            throws IOException, InterruptedException {
        List<JobId> pills = submit(cluster, number);
        List<NodeJvm> nodes = new ArrayList<>();
        for (String name : names) {
            nodes.add(cluster.launch(Cluster.DEFAULT_LEASE, name, WORKERS));
        }
        long began = System.nanoTime();
        int restarts = 0;
        while (!areFinal(cluster, pills)) {
            if (System.nanoTime() - began > Cluster.BOUND.multipliedBy(number).toNanos()) {
                throw new IllegalStateException("the pills of " + part + " do not come to an end");
            }
            for (int i = 0; i < nodes.size(); i++) {
                NodeJvm node = nodes.get(i);
                node.checkGoesOn();
                if (node.hasEnded()) {
                    nodes.set(i, cluster.launch(Cluster.DEFAULT_LEASE, node.name(), WORKERS));
                    restarts++;
                }
            }
            Pause.of(BETWEEN_LOOKS);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        if (load.isPresent()) {
            load.get().stop();
        }
        cluster.settle();
        int quarantined = (int) pills.stream()
                .map(id -> info(cluster, id))
                .filter(pill -> pill.status() == JobStatus.FAILED && pill.convictions() > 0)
                .count();
        cluster.say("%s: %d of %d pills quarantined after %d restarts and %.0f s"
                .formatted(part, quarantined, number, restarts, seconds));
        for (NodeJvm node : nodes) {
            if (!node.hasEnded()) { // the last may have been rescued by another, before it was started again
                cluster.await(node.who() + " runs", () -> cluster.has(Entry.Kind.RUNNING, node));
                node.stop();
            }
        }
        return List.of(
                Row.exactly(name(), part + "_quarantined", quarantined, number),
                Row.atMost(name(), part + "_restarts", restarts, MOST_RESTARTS * number),
                Row.told(name(), part + "_until_quarantined_s", seconds));
    }

    /** Pills are no accepted jobs in the ledger: the audit is about the others, none of which may fail. */
    private static List<JobId> submit(Cluster cluster, int pills) throws IOException {
        List<JobId> ids = new ArrayList<>();
        int between = GOOD_ONES / (pills + 1);
        for (int i = 0; i <= pills; i++) {
            cluster.submitAll(Collections.nCopies(between, JobRequest.of(NodeProcess.WORK, "20")));
            if (i < pills) {
                ids.add(cluster.client()
                        .submit(JobRequest.of(NodeProcess.PILL, ""))
                        .id());
            }
        }
        return ids;
    }

    private static boolean areFinal(Cluster cluster, List<JobId> ids) {
        return ids.stream().allMatch(id -> info(cluster, id).status().isFinal());
    }

    private static JobInfo info(Cluster cluster, JobId id) {
        return cluster.client().find(id).orElseThrow().info();
    }
}
