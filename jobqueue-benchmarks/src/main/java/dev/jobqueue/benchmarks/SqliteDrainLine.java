package dev.jobqueue.benchmarks;

import java.io.IOException;
import java.util.List;

/** How fast 16 workers empty a backlog in a SQLite file; and how fast it was stored. */
final class SqliteDrainLine implements Line {
    private static final String DRAINED = "drained_per_s";
    private static final String STORED = "stored_per_s";
    private static final String UNIT = "jobs/s";
    private static final String BULK = ": stored in bulk";

    @Override
    public String name() {
        return "sqlite-drain";
    }

    @Override
    public String about() {
        return "a backlog in a SQLite file is stored in bulk, then run by 16 workers, with jobs of 100 bytes that do nothing";
    }

    @Override
    public List<Row> run(Lab lab) throws IOException, InterruptedException {
        Course course = new Course(name(), DrainProgram.class);
        int jobs = lab.size(200_000, 1_500);
        int warmUp = lab.size(50_000, 200);
        Course.Case bare = course.enter(Entrant.BARE_SQLITE, warmUp, jobs);
        Course.Case queue = course.enter(Entrant.JOBQUEUE_SQLITE, warmUp, jobs);
        course.run(lab, lab.size(5, 1));
        return List.of(
                bare.row(DRAINED, UNIT),
                queue.row(DRAINED, UNIT).withRatioAtLeast(0.6, bare.samples(DRAINED)),
                bare.row(STORED, BULK, UNIT),
                queue.row(STORED, BULK, UNIT).withRatio(bare.samples(STORED)));
    }
}
