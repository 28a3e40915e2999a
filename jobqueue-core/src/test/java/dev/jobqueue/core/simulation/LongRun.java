package dev.jobqueue.core.simulation;

import dev.jobqueue.core.simulation.Simulation.Outcome;
import java.util.List;

/** The simulation at length, one seed, or the mutants: for {@code jobqueue-faults/run simulation}. */
public final class LongRun {
    private static final String USAGE = """
            Usage: jobqueue-faults/run simulation [--seeds N] [--from N]   so many seeds (1000000), from this one (0)
                   jobqueue-faults/run simulation --seed N                 one seed, with its trace
                   jobqueue-faults/run simulation --mutants [--seeds N]    each planted fault, until one of so many seeds fails (1000)""";

    private static final int MOST_FAILURES_TOLD = 20;

    private LongRun() {}

    /** Ends with a status other than 0 if a seed fails, or no seed finds a mutant. */
    public static void main(String[] arguments) throws InterruptedException {
        List<String> given = List.of(arguments);
        boolean good;
        if (given.contains("--help")) {
            System.out.println(USAGE);
            good = true;
        } else if (given.contains("--seed")) {
            good = one(value(given, "--seed", 0));
        } else if (given.contains("--mutants")) {
            good = mutants((int) value(given, "--seeds", 1_000));
        } else {
            good = many(value(given, "--from", 0), value(given, "--seeds", 1_000_000));
        }
        System.exit(good ? 0 : 1);
    }

    private static long value(List<String> given, String option, long otherwise) {
        int at = given.indexOf(option);
        return at < 0 ? otherwise : Long.parseLong(given.get(at + 1));
    }

    private static boolean one(long seed) throws InterruptedException {
        Outcome outcome = new Simulation().trace(seed);
        outcome.lines().forEach(System.out::println);
        System.out.println("seed " + seed + ": " + (outcome.failed() ? outcome.what() : "keeps its promises"));
        return !outcome.failed();
    }

    private static boolean many(long from, long seeds) throws InterruptedException {
        Simulation simulation = new Simulation();
        long began = System.nanoTime();
        long told = began;
        long nanos = 0;
        long digest = 0;
        int failed = 0;
        for (long seed = from; seed < from + seeds; seed++) {
            Outcome outcome = simulation.run(seed);
            nanos += outcome.nanos();
            digest = digest * 31 + outcome.digest();
            if (outcome.failed() && ++failed <= MOST_FAILURES_TOLD) {
                System.out.println("seed " + seed + ": " + outcome.what());
            }
            boolean last = seed == from + seeds - 1;
            if (last || System.nanoTime() - told > 60_000_000_000L) {
                told = System.nanoTime();
                tell(seed - from + 1, failed, nanos, told - began, digest);
            }
        }
        return failed == 0;
    }

    /** Rates are by the clock and by the processor's time, since the machine may have other work. */
    private static void tell(long seeds, int failed, long virtual, long took, long digest) {
        double seconds = took / 1e9;
        double worked = ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(time -> time.toMillis() / 1e3)
                .orElse(seconds);
        System.out.printf(
                "%,d seeds, %d failed; %.0f seeds/s, %.1f simulated hours a minute (%.0f and %.1f by the processor's time);"
                        + " all runs are %016x%n",
                seeds,
                failed,
                seeds / seconds,
                virtual / 6e10 / seconds,
                seeds / worked,
                virtual / 6e10 / worked,
                digest);
    }

    private static boolean mutants(int seeds) {
        int caught = 0;
        for (Mutants.Mutant mutant : Mutants.ALL) {
            String how = Mutants.caught(mutant, seeds);
            caught += how.isEmpty() ? 0 : 1;
            System.out.println(
                    (how.isEmpty() ? "MISSED  " : "caught  ") + mutant.wrong() + " (" + mutant.fault() + ")");
            how.lines().limit(1).forEach(line -> System.out.println("        " + line));
        }
        System.out.println("caught " + caught + " of " + Mutants.ALL.size());
        return caught == Mutants.ALL.size();
    }
}
