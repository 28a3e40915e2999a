package dev.jobqueue.benchmarks;

import java.io.IOException;
import java.util.List;

/** How long a job waits that is submitted to an idle queue, on the node that submits. */
final class LatencyLine implements Line {
    private static final String P50 = "p50_us";
    private static final String P99 = "p99_us";
    private static final String UNIT = "us";

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public String about() {
        return "from before the submit to the start of the handler, on an idle queue, in the process that submits";
    }

    /** JobRunr begins with its next poll, in 5 seconds: it has a few jobs, and its p99 is the longest. */
    @Override
    public List<Row> run(Lab lab) throws IOException, InterruptedException {
        Course course = new Course(name(), LatencyProgram.class);
        int jobs = lab.size(500, 20);
        Course.Case memory = course.enter(Entrant.JOBQUEUE_MEMORY, jobs, jobs);
        Course.Case bare = course.enter(Entrant.MOVED_ROWS, jobs, jobs);
        Course.Case postgres = course.enter(Entrant.JOBQUEUE_POSTGRES, jobs, jobs);
        Course.Case dbScheduler = course.enter(Entrant.DB_SCHEDULER, jobs, jobs);
        Course.Case jobRunr = course.enter(Entrant.JOBRUNR, 1, lab.size(8, 1));
        course.run(lab, lab.size(5, 1));
        return List.of(
                memory.row(P50, " in memory: p50", UNIT).withMedianAtMost(100),
                memory.row(P99, " in memory: p99", UNIT),
                bare.row(P50, ": p50", UNIT),
                postgres.row(P50, " on PostgreSQL: p50", UNIT).withRatioAtMost(1, bare.samples(P50)),
                dbScheduler.row(P50, ": p50", UNIT).withRatio(bare.samples(P50)),
                jobRunr.row(P50, ": p50", UNIT).withRatio(bare.samples(P50)),
                bare.row(P99, ": p99", UNIT),
                postgres.row(P99, " on PostgreSQL: p99", UNIT).withRatioAtMost(1, bare.samples(P99)),
                dbScheduler.row(P99, ": p99", UNIT).withRatio(bare.samples(P99)),
                jobRunr.row(P99, ": p99", UNIT).withRatio(bare.samples(P99)));
    }
}
