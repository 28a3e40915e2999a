package dev.jobqueue.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A row of the results.
 *
 * @param system what was measured
 * @param unit of median, min and max
 * @param ratioToLimit its median over that of what it is compared with
 * @param target what was promised, and whether it was kept
 */
record Row(
        String line,
        String system,
        String unit,
        Samples samples,
        Optional<Double> ratioToLimit,
        Optional<Target> target) {

    static final List<String> HEADER =
            List.of("line", "system", "unit", "median", "min", "max", "rounds", "ratio_to_limit", "target", "ok");

    /** A promise, as text, and whether it was kept. */
    record Target(String text, boolean kept) {}

    /** Without a promise. */
    static Row of(String line, String system, String unit, Samples samples) {
        return new Row(line, system, unit, samples, Optional.empty(), Optional.empty());
    }

    /** The same beside what it is compared with, without a promise. */
    Row withRatio(Samples limit) {
        return new Row(line, system, unit, samples, Optional.of(samples.median() / limit.median()), Optional.empty());
    }

    /** The same, promised to cost at most this many times what the limit costs. */
    Row withRatioAtMost(double most, Samples limit) {
        Row compared = withRatio(limit);
        return compared.with(new Target("ratio <= " + exact(most), compared.ratio() <= most));
    }

    /** The same, promised to do at least this many times what the limit does. */
    Row withRatioAtLeast(double least, Samples limit) {
        Row compared = withRatio(limit);
        return compared.with(new Target("ratio >= " + exact(least), compared.ratio() >= least));
    }

    private double ratio() {
        return ratioToLimit.orElseThrow();
    }

    /** The same, its median promised to be at most this. */
    Row withMedianAtMost(double most) {
        return with(new Target("median <= " + number(most), samples.median() <= most));
    }

    /** The same, promised to be at most this in every round. */
    Row withMaxAtMost(double most) {
        return with(new Target("max <= " + number(most), samples.max() <= most));
    }

    private Row with(Target promise) {
        return new Row(line, system, unit, samples, ratioToLimit, Optional.of(promise));
    }

    /** The same without its promise: of sizes for which nothing is promised. */
    Row withoutTarget() {
        return new Row(line, system, unit, samples, ratioToLimit, Optional.empty());
    }

    boolean isMissed() {
        return target.isPresent() && !target.get().kept();
    }

    /** In the order of {@link #HEADER}; what there is not is empty. */
    List<String> cells() {
        return List.of(
                line,
                system,
                unit,
                number(samples.median()),
                number(samples.min()),
                number(samples.max()),
                Integer.toString(samples.rounds()),
                ratioToLimit
                        .map(ratio -> String.format(Locale.ROOT, "%.2f", ratio))
                        .orElse(""),
                target.map(Target::text).orElse(""),
                target.map(promise -> promise.kept() ? "yes" : "no").orElse(""));
    }

    private static String number(double value) {
        boolean whole = value == Math.rint(value);
        return String.format(Locale.ROOT, whole ? "%.0f" : "%.1f", value);
    }

    /** As it was promised, to the last place. */
    private static String exact(double value) {
        return value == Math.rint(value) ? number(value) : Double.toString(value);
    }
}
