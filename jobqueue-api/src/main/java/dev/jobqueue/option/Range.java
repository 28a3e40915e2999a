package dev.jobqueue.option;

import java.time.Duration;

/** The checks that options share. Each returns its value, or says which option was wrong and what is allowed. */
final class Range {
    /** Longer than any host means, short enough to be added up without overflow. */
    private static final Duration LONGEST = Duration.ofDays(3_650);

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

    static Duration between(Duration least, Duration most, String option, Duration value) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(option + " must be " + least + " to " + most + ", but was " + value);
        }
        return value;
    }

    static Duration positive(String option, Duration value) {
        if (value.isZero() || value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    option + " must be more than zero and at most 3650 days, but was " + value);
        }
        return value;
    }
}
