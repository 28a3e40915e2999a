package dev.jobqueue.core.simulation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs seeds, one after the other, on the threads that it keeps. */
public final class Simulation {
    private final Carriers carriers = new Carriers();

    /**
     * What became of a seed.
     *
     * @param failure what went wrong; null: nothing
     * @param digest tells this run from any other
     * @param nanos the virtual time that passed
     * @param points how many scheduling points there were
     * @param lines one a step, if asked for
     */
    record Outcome(long seed, @Nullable Throwable failure, long digest, long nanos, long points, List<String> lines) {
        boolean failed() {
            return failure != null;
        }

        /** What went wrong, in words. */
        String what() {
            return failure == null ? "" : String.valueOf(failure.getMessage());
        }
    }

    Outcome run(long seed) throws InterruptedException {
        return run(seed, Trace.asNumber());
    }

    /** The same run again, for a reader. */
    Outcome trace(long seed) throws InterruptedException {
        return run(seed, Trace.readable());
    }

    private Outcome run(long seed, Trace trace) throws InterruptedException {
        Scheduler scheduler = new Scheduler(seed, carriers, trace);
        Scenario scenario = new Scenario(seed, scheduler, trace);
        scheduler.run(new Process("world", 0), scenario::run);
        return new Outcome(
                seed, scheduler.failure(), trace.digest(), scheduler.now(), scheduler.points(), trace.lines());
    }

    /** The first of so many seeds that fails, and how; empty: none does. */
    public static String firstFailure(int seeds) throws InterruptedException {
        Simulation simulation = new Simulation();
        try {
            for (long seed = 0; seed < seeds; seed++) {
                Outcome outcome = simulation.run(seed);
                if (outcome.failed()) {
                    return "seed " + seed + ": " + outcome.what();
                }
            }
            return "";
        } finally {
            simulation.close();
        }
    }

    /** Ends its threads. */
    void close() {
        carriers.close();
    }
}
