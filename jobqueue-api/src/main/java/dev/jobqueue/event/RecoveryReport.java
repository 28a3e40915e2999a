package dev.jobqueue.event;

import dev.jobqueue.job.JobId;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one recovery found and did. Components may be added.
 *
 * @param found orphans: jobs that were PROCESSING under a node that had ended
 * @param recovered orphans that are PENDING again
 * @param quarantined orphans that are FAILED, for they kept ending their process
 * @param failed orphans that could not be put back
 * @param failures the first {@value #MOST_FAILURES} of those, with their causes
 * @param pending PENDING jobs of handled types after that, delayed ones included
 * @param delivered how many of those the delivery queue took
 * @param deferred how many of those wait in the store: pending less delivered
 * @param unhandled PENDING jobs without a handler, by type
 * @param took how long it took
 */
public record RecoveryReport(
        long found,
        long recovered,
        long quarantined,
        long failed,
        List<Failure> failures,
        long pending,
        long delivered,
        long deferred,
        Map<String, Long> unhandled,
        Duration took) {

    /** So many failures are listed with their causes; all are counted. */
    public static final int MOST_FAILURES = 100;

    /** Copies what could change. */
    public RecoveryReport {
        failures = List.copyOf(failures);
        unhandled = Collections.unmodifiableMap(new TreeMap<>(unhandled));
    }

    /**
     * An orphan that could not be put back.
     *
     * @param jobId which
     * @param cause why
     */
    public record Failure(JobId jobId, Throwable cause) {}
}
