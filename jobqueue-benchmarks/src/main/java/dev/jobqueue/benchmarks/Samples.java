package dev.jobqueue.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What the rounds of one measurement gave. */
final class Samples {
    private final List<Double> sorted = new ArrayList<>();

    void add(double value) {
        sorted.add(value);
        Collections.sort(sorted);
    }

    int rounds() {
        return sorted.size();
    }

    double median() {
        int half = rounds() / 2;
        return rounds() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /** What so many percent of them do not exceed. */
    double percentile(int percent) {
        return sorted.get((rounds() * percent + 99) / 100 - 1);
    }

    double min() {
        return sorted.get(0);
    }

    double max() {
        return sorted.get(rounds() - 1);
    }
}
