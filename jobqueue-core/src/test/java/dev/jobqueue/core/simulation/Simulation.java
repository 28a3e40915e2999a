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
     * @param lines one a step, if asked for
     */
    record Outcome(long seed, @Nullable Throwable failure, long digest, long nanos, long points, List<String> lines) {
        boolean failed() {
            return failure != null;
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
        for (long seed = 0; seed < seeds; seed++) {
            Outcome outcome = simulation.run(seed);
            if (outcome.failed()) {
                simulation.carriers.close();
                return "seed " + seed + ": " + outcome.failure().getMessage();
            }
        }
        simulation.carriers.close();
        return "";
    }

    /** Arguments: how many seeds, from which; or {@code --seed N} for the trace of one. */
    public static void main(String[] arguments) throws InterruptedException {
        Simulation simulation = new Simulation();
        if (arguments[0].equals("--seed")) {
            Outcome outcome = simulation.trace(Long.parseLong(arguments[1]));
            outcome.lines().forEach(System.out::println);
            System.out.println(outcome.failure());
            if (outcome.failed()) {
                outcome.failure().printStackTrace(System.out);
            }
            return;
        }
        long from = Long.parseLong(arguments[1]);
        long seeds = Long.parseLong(arguments[0]);
        long began = System.nanoTime();
        long nanos = 0;
        long points = 0;
        int failed = 0;
        for (long seed = from; seed < from + seeds; seed++) {
            Outcome outcome = simulation.run(seed);
            nanos += outcome.nanos();
            points += outcome.points();
            if (outcome.failed()) {
                failed++;
                System.out.println("seed " + seed + ": " + outcome.failure().getMessage());
                if (failed == 30) break;
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                "%d seeds, %d failed, %.0f seeds/s, %.0f points a seed, %.1f virtual s a seed, %.1f simulated hours a minute%n",
                seeds,
                failed,
                seeds / seconds,
                points / (double) seeds,
                nanos / 1e9 / seeds,
                nanos / 1e9 / 3600 / (seconds / 60));
    }
}
