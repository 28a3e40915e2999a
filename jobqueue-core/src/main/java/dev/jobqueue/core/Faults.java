package dev.jobqueue.core;

import dev.jobqueue.ConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The faults of a configuration, all of which are named at once. */
final class Faults {
    private static final Duration LONGEST = Duration.ofDays(3_650);

    private final List<String> faults = new ArrayList<>();

    void add(String fault) {
        faults.add(fault);
    }

    void check(Runnable check) {
        try {
            check.run();
        } catch (IllegalArgumentException e) {
            add(String.valueOf(e.getMessage()));
        }
    }

    /** The value, or another to go on with if it is at fault. */
    <T> T orElse(T other, Supplier<T> value) {
        try {
            T made = value.get();
            if (made != null) {
                return made;
            }
            add("options must not become null: return the options, changed or not");
        } catch (IllegalArgumentException e) {
            add(String.valueOf(e.getMessage()));
        }
        return other;
    }

    void between(String option, int least, int most, int value) {
        if (value < least || value > most) {
            add(option + " must be " + least + " to " + most + ", but was " + value);
        }
    }

    void duration(String option, Duration least, String leastInWords, Duration value) {
        if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
            add(option + " must be " + leastInWords + " and at most " + LONGEST.toDays() + " days, but was " + value);
        }
    }

    void throwIfAny() {
        if (!faults.isEmpty()) {
            throw new ConfigurationException(faults);
        }
    }
}
