package dev.jobqueue.faults;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A row of the results: one number, and perhaps what it must be.
 *
 * @param metric what was counted, with its unit at the end
 * @param target what it must be, in words; empty: it is told, and nothing is promised
 * @param ok whether it is so
 */
record Row(String scenario, String metric, double value, Optional<String> target, boolean ok) {
    static final List<String> HEADER = List.of("scenario", "metric", "value", "target", "ok");

    /** Of which nothing is promised. */
    static Row told(String scenario, String metric, double value) {
        return new Row(scenario, metric, value, Optional.empty(), true);
    }

    static Row exactly(String scenario, String metric, double value, double target) {
        return new Row(scenario, metric, value, Optional.of("= " + number(target)), value == target);
    }

    static Row atMost(String scenario, String metric, double value, double target) {
        return new Row(scenario, metric, value, Optional.of("<= " + number(target)), value <= target);
    }

    static Row atLeast(String scenario, String metric, double value, double target) {
        return new Row(scenario, metric, value, Optional.of(">= " + number(target)), value >= target);
    }

    /** The same, and nothing is promised: a time, in a run too short to judge it. */
    Row onlyTold() {
        return told(scenario, metric, value);
    }

    /** In the order of {@link #HEADER}; what there is not is empty. */
    List<String> cells() {
        return List.of(scenario, metric, number(value), target.orElse(""), target.isEmpty() ? "" : ok ? "yes" : "no");
    }

    private static String number(double value) {
        boolean whole = value == Math.rint(value);
        return String.format(Locale.ROOT, whole ? "%.0f" : "%.2f", value);
    }
}
