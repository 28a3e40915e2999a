package dev.jobqueue.faults;

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

    double median() {
        return atShare(0.5);
    }

    double max() {
        return sorted.get(sorted.size() - 1);
    }

    /** The value that this share of all are at or below. */
    double atShare(double share) {
        return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }
}
