package dev.jobqueue.benchmarks;

/** How many a second. */
final class Rate {
    private Rate() {}

    static long of(long jobs, long nanoseconds) {
        return jobs * 1_000_000_000 / Math.max(1, nanoseconds);
    }
}
