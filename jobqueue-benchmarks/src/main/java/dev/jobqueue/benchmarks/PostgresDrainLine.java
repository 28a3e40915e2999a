package dev.jobqueue.benchmarks;

import java.io.IOException;
import java.util.List;

/** How fast 16 workers empty a backlog in PostgreSQL, with jobs that do nothing; and how fast it was stored. */
final class PostgresDrainLine implements Line {
    private static final String DRAINED = "drained_per_s";
    private static final String STORED = "stored_per_s";
    private static final String UNIT = "jobs/s";
    private static final String BULK = ": stored in bulk";

    @Override
    public String name() {
        return "postgres-drain";
    }

    @Override
    public String about() {
        return "a backlog in PostgreSQL is stored in bulk, then run by 16 workers, with jobs of 100 bytes that do nothing";
    }

    /** Peers have fewer jobs, so that a round takes them seconds, too. */
    @Override
    public List<Row> run(Lab lab) throws IOException, InterruptedException {
        Course course = new Course(name(), DrainProgram.class);
        int jobs = lab.size(200_000, 1_500);
        int warmUp = lab.size(50_000, 200);
        Course.Case updates = course.enter(Entrant.TWO_UPDATES, warmUp, jobs);
        Course.Case moved = course.enter(Entrant.MOVED_ROWS, warmUp, jobs);
        Course.Case queue = course.enter(Entrant.JOBQUEUE_POSTGRES, warmUp, jobs);
        Course.Case fast = course.enter(Entrant.JOBQUEUE_POSTGRES_THROUGHPUT, warmUp, jobs);
        Course.Case dbScheduler = course.enter(Entrant.DB_SCHEDULER, lab.size(5_000, 50), lab.size(40_000, 200));
        Course.Case jobRunr = course.enter(Entrant.JOBRUNR, lab.size(2_000, 20), lab.size(10_000, 50));
        Course.Case quartz = course.enter(Entrant.QUARTZ_POSTGRES, lab.size(500, 20), lab.size(3_000, 50));
        course.run(lab, lab.size(5, 1));
        return List.of(
                updates.row(DRAINED, UNIT),
                moved.row(DRAINED, UNIT),
                queue.row(DRAINED, UNIT).withRatioAtLeast(0.95, updates.samples(DRAINED)),
                fast.row(DRAINED, UNIT).withRatioAtLeast(0.7, moved.samples(DRAINED)),
                dbScheduler.row(DRAINED, UNIT).withRatio(updates.samples(DRAINED)),
                jobRunr.row(DRAINED, UNIT).withRatio(updates.samples(DRAINED)),
                quartz.row(DRAINED, UNIT).withRatio(updates.samples(DRAINED)),
                queue.besides(dbScheduler, DRAINED, "", UNIT).withRatioAtLeast(12, dbScheduler.samples(DRAINED)),
                queue.besides(jobRunr, DRAINED, "", UNIT).withRatioAtLeast(50, jobRunr.samples(DRAINED)),
                moved.row(STORED, BULK, UNIT),
                queue.row(STORED, BULK, UNIT).withRatioAtLeast(0.8, moved.samples(STORED)),
                dbScheduler.row(STORED, BULK, UNIT).withRatio(moved.samples(STORED)),
                jobRunr.row(STORED, BULK, UNIT).withRatio(moved.samples(STORED)),
                quartz.row(STORED, BULK, UNIT).withRatio(moved.samples(STORED)));
    }
}
