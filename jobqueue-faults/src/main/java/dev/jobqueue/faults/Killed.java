package dev.jobqueue.faults;

import java.util.List;

/**
 * What a node left behind that was killed.
 *
 * @param micros when, in microseconds since 1970
 * @param jobs its attempts, begun or only claimed
 */
record Killed(long micros, List<History.Run> jobs) {
    /** Those of which no later attempt has begun. */
    List<History.Run> notRunAgain(History history) {
        return jobs.stream().filter(job -> history.begunAfter(job).isEmpty()).toList();
    }

    /** When the last of them was begun again, in microseconds since 1970. */
    long lastRunAgain(History history) {
        return jobs.stream()
                .mapToLong(job -> history.begunAfter(job).orElseThrow().micros())
                .max()
                .orElseThrow();
    }
}
