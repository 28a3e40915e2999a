package dev.jobqueue.option;

import java.time.Duration;

/** The checks that options share. Each returns its value, or says which option was wrong and what is allowed. */
final class Range {
    private Range() {}

    static int between(int least, int most, String option, int value) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(option + " must be " + least + " to " + most + ", but was " + value);
        }
        return value;
    }

    static double between(double least, double most, String option, double value) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(option + " must be " + least + " to " + most + ", but was " + value);
        }
        return value;
    }

    static Duration positive(String option, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(option + " must be more than zero, but was " + value);
        }
        return value;
    }
}
