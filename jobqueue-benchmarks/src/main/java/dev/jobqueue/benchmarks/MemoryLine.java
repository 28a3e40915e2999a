package dev.jobqueue.benchmarks;

import java.io.IOException;
import java.util.List;

/** How fast jobs that do nothing go through memory, submitted while 16 workers run. */
final class MemoryLine implements Line {
    private static final String FINISHED = "finished_per_s";
    private static final String UNIT = "jobs/s";

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String about() {
        return "jobs that do nothing, in memory, from the first submit to the last job's end, with 16 workers";
    }

    @Override
    public List<Row> run(Lab lab) throws IOException, InterruptedException {
        Course course = new Course(name(), MemoryProgram.class);
        int jobs = lab.size(1_000_000, 2_000);
        Course.Case executor = course.enter(Entrant.EXECUTOR, jobs, jobs);
        Course.Case oneLock = course.enter(Entrant.ONE_LOCK, jobs, jobs);
        Course.Case queue = course.enter(Entrant.JOBQUEUE_MEMORY, jobs, jobs);
        int fewer = lab.size(100_000, 500);
        Course.Case quartz = course.enter(Entrant.QUARTZ_MEMORY, fewer, fewer);
        course.run(lab, lab.size(7, 1));
        return List.of(
                executor.row(FINISHED, UNIT),
                oneLock.row(FINISHED, UNIT),
                queue.row(FINISHED, UNIT).withRatioAtLeast(0.8, oneLock.samples(FINISHED)),
                quartz.row(FINISHED, UNIT).withRatio(oneLock.samples(FINISHED)),
                queue.besides(quartz, FINISHED, "", UNIT).withRatioAtLeast(20, quartz.samples(FINISHED)));
    }
}
