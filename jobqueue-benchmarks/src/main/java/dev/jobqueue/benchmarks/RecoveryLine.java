package dev.jobqueue.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What build() takes to recover many orphans beside many pending jobs in a small heap, on SQLite. Its work grows with the
 * orphans: with ten times the pending jobs it may take half as long again.
 */
final class RecoveryLine implements Line {
    private static final int HEAP_MIB = 64;
    private static final int TIMES = 10;

    @Override
    public String name() {
        return "recovery";
    }

    @Override
    public String about() {
        return "build() over a SQLite file with many orphans and pending jobs, at -Xmx" + HEAP_MIB + "m";
    }

    @Override
    public List<Row> run(Lab lab) throws IOException, InterruptedException {
        int orphans = lab.size(100_000, 300);
        int pending = lab.size(1_000_000, 2_000);
        Path small = lab.file("small.db");
        Abandoned few = Abandoned.create(small, orphans, pending, lab::say);
        Abandoned many = few.grown(lab.copy(small, "large.db"), (TIMES - 1) * pending, lab::say);
        Case one = new Case(few);
        Case ten = new Case(many);
        for (int round = 1; round <= lab.size(5, 1); round++) {
            one.measure(lab);
            ten.measure(lab);
        }
        return List.of(
                one.time(),
                ten.time().withRatioAtMost(1.5, one.took),
                one.heap(),
                ten.heap(),
                one.row("recovered", "jobs", one.recovered),
                ten.row("recovered", "jobs", ten.recovered),
                one.row("deferred", "jobs", one.deferred),
                ten.row("deferred", "jobs", ten.deferred));
    }

    /** One file, and what the rounds with it gave. */
    private final class Case {
        private final Abandoned file;
        final Samples took = new Samples();
        final Samples heapMib = new Samples();
        final Samples recovered = new Samples();
        final Samples deferred = new Samples();

        Case(Abandoned file) {
            this.file = file;
        }

        void measure(Lab lab) throws IOException, InterruptedException {
            Path copy = lab.copy(file.path(), "round.db");
            ChildJvm.Ended ended = ChildJvm.run(
                    RecoveryProgram.class, List.of("-Xmx" + HEAP_MIB + "m"), lab.file("round.log"), copy.toString());
            took.add(ended.fact("took_us") / 1_000.0);
            heapMib.add(ended.fact("heap_kib") / 1_024.0);
            recovered.add((double) ended.fact("recovered"));
            deferred.add((double) ended.fact("deferred"));
            check("recovered", file.orphans(), ended);
            check("deferred", file.orphans() + file.pending() - RecoveryProgram.CAPACITY, ended);
            lab.say("%,d pending: %s".formatted(file.pending(), Duration.ofMillis(ended.fact("took_us") / 1_000)));
        }

        private void check(String fact, long expected, ChildJvm.Ended ended) {
            if (ended.fact(fact) != expected) {
                throw new IllegalStateException(
                        "%s must be %,d, but was %,d".formatted(fact, expected, ended.fact(fact)));
            }
        }

        Row time() {
            return row("build()", "ms", took);
        }

        /** The sum of the peaks of the heap's pools, each at its own moment: never less than the true peak. */
        Row heap() {
            return row("peak heap", "MiB", heapMib).withMaxAtMost(HEAP_MIB);
        }

        Row row(String what, String unit, Samples samples) {
            return Row.of(
                    name(),
                    "sqlite %d orphans %d pending: %s".formatted(file.orphans(), file.pending(), what),
                    unit,
                    samples);
        }
    }
}
