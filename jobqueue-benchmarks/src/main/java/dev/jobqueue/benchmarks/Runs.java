package dev.jobqueue.benchmarks;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** The handler of all contestants: does nothing but to count, and to note when it first ran. */
final class Runs implements Runnable {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(1);

    private final LongAdder runs = new LongAdder();
    private volatile long first;

    @Override
    public void run() {
        if (first == 0) {
            first = System.nanoTime();
        }
        runs.increment();
    }

    /** When it ran first, by the JVM's clock. */
    long first() {
        return first;
    }

    /** Waits until it has run so often. */
    void await(int times) throws InterruptedException {
        while (runs.sum() < times) {
            Pause.of(BETWEEN_LOOKS);
        }
    }

    /**
     * Makes sure that it ran once for each job.
     *
     * @throws IllegalStateException if it ran more often
     */
    void check(int times) {
        if (runs.sum() != times) {
            throw new IllegalStateException(
                    "%,d jobs must run once each, but ran %,d times".formatted(times, runs.sum()));
        }
    }
}
