package dev.jobqueue.faults;

import dev.jobqueue.JobRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Three nodes and a backlog of jobs that do nothing: no fault, but what one database has to do for a job. */
final class Carry implements Scenario {
    private static final int BATCH = 500;

    @Override
    public String name() {
        return "carry";
    }

    @Override
    public String about() {
        return "three nodes work off empty jobs that come in batches: jobs a second, and commits of the database a job";
    }

    @Override
    public boolean needsPostgres() {
        return true;
    }

    @Override
    public List<Row> run(Cluster cluster) throws IOException, InterruptedException {
        int jobs = cluster.choose(50_000, BATCH);
        cluster.start(Cluster.DEFAULT_LEASE, "a", "b", "c");
        History history = cluster.history();
        List<JobRequest> batch = Collections.nCopies(BATCH, JobRequest.of(NodeProcess.WORK, "0"));
        long commitsBefore = cluster.postgres().commits();
        long began = System.nanoTime();
        for (int submitted = 0; submitted < jobs; submitted += BATCH) {
            cluster.submitAll(batch);
        }
        cluster.await("all jobs are run", () -> history.returns() == jobs);
        double seconds = (System.nanoTime() - began) / 1e9;
        double commits = cluster.postgres().commits() - commitsBefore;
        Audit audit = cluster.audit();
        List<Row> rows = new ArrayList<>();
        rows.add(Row.told(name(), "jobs_per_s", jobs / seconds));
        rows.add(Row.told(name(), "commits_per_job", commits / jobs));
        rows.addAll(audit.rows(name()));
        rows.add(Row.exactly(name(), "jobs_run_twice", audit.twice(), 0));
        return rows;
    }
}
