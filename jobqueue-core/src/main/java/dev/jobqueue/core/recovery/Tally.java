package dev.jobqueue.core.recovery;

import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.event.RecoveryReport;
import dev.jobqueue.job.JobId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what a recovery does, as it goes. */
final class Tally {
    private final Platform platform;
    private final long began;
    private final List<RecoveryReport.Failure> failures = new ArrayList<>();
    private final Map<String, Long> unhandled = new TreeMap<>();
    private long found;
    private long recovered;
    private long quarantined;
    private long failed;
    private long pending;
    private long delivered;

    Tally(Platform platform) {
        this.platform = platform;
        this.began = platform.nanoTime();
    }

    void found(int orphans) {
        found += orphans;
    }

    void recovered() {
        recovered++;
    }

    void quarantined() {
        quarantined++;
    }

    void failed(JobId id, Throwable cause) {
        failed++;
        if (failures.size() < RecoveryReport.MOST_FAILURES) {
            failures.add(new RecoveryReport.Failure(id, cause));
        }
    }

    void delivered() {
        delivered++;
    }

    void pending(long jobs) {
        pending += jobs;
    }

    void unhandled(String type, long jobs) {
        unhandled.merge(type, jobs, Long::sum);
    }

    long recoveredSoFar() {
        return recovered;
    }

    long failedSoFar() {
        return failed;
    }

    Duration took() {
        return Duration.ofNanos(platform.nanoTime() - began);
    }

    RecoveryReport report() {
        return new RecoveryReport(
                found,
                recovered,
                quarantined,
                failed,
                failures,
                pending,
                delivered,
                Math.max(0, pending - delivered),
                unhandled,
                took());
    }
}
