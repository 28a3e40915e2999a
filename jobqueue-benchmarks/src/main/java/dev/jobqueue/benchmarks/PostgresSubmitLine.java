package dev.jobqueue.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How fast jobs are submitted one by one to PostgreSQL: by one thread no slower than it can, by many together. */
final class PostgresSubmitLine implements Line {
    private static final String UNIT = "jobs/s";

    @Override
    public String name() {
        return "postgres-submit";
    }

    @Override
    public String about() {
        return "single submits to PostgreSQL by " + SubmitProgram.THREADS + " threads, each stored when it returns";
    }

    @Override
    public List<Row> run(Lab lab) throws IOException, InterruptedException {
        Course course = new Course(name(), SubmitProgram.class);
        int milliseconds = lab.size(3_000, 50);
        Course.Case bare = course.enter(Entrant.MOVED_ROWS, milliseconds);
        Course.Case shared = course.enter(Entrant.SHARED_INSERTS, milliseconds);
        Course.Case queue = course.enter(Entrant.JOBQUEUE_POSTGRES, milliseconds);
        List<Course.Case> peers = List.of(
                course.enter(Entrant.DB_SCHEDULER, milliseconds),
                course.enter(Entrant.JOBRUNR, milliseconds),
                course.enter(Entrant.QUARTZ_POSTGRES, milliseconds));
        course.run(lab, lab.size(5, 1));
        List<Row> rows = new ArrayList<>();
        for (int threads : SubmitProgram.THREADS) {
            String fact = SubmitProgram.fact(threads);
            String by = ": by " + threads;
            Samples limit = (threads == 1 ? bare : shared).samples(fact);
            rows.add(bare.row(fact, by, UNIT));
            rows.add(shared.row(fact, by, UNIT));
            Row ours = queue.row(fact, by, UNIT);
            rows.add(threads == 8 ? ours.withRatio(limit) : ours.withRatioAtLeast(0.9, limit));
            peers.forEach(peer -> rows.add(peer.row(fact, by, UNIT).withRatio(limit)));
        }
        Course.Case dbScheduler = peers.get(0);
        rows.add(queue.besides(dbScheduler, SubmitProgram.fact(64), ": by 64", UNIT)
                .withRatioAtLeast(6, dbScheduler.samples(SubmitProgram.fact(64))));
        return rows;
    }
}
