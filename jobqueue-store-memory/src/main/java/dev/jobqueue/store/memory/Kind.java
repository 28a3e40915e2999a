package dev.jobqueue.store.memory;

import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.Suspects;
import java.util.List;

/** The jobs of one queue and type: how many there are by status, and the lanes of those that are PENDING. */
@SuppressWarnings("EnumOrdinal") // counted with every write, so in an array; no ordinal leaves this class
final class Kind {
    private static final int STATUSES = JobStatus.values().length;

    private final String queue;
    private final String type;
    private final long[] jobs = new long[STATUSES];
    private final Lane unsuspected = new Lane();
    private final Lane suspects = new Lane();

    Kind(String queue, String type) {
        this.queue = queue;
        this.type = type;
    }

    String queue() {
        return queue;
    }

    String type() {
        return type;
    }

    long jobs(JobStatus status) {
        return jobs[status.ordinal()];
    }

    boolean isEmpty() {
        for (long some : jobs) {
            if (some > 0) {
                return false;
            }
        }
        return true;
    }

    void add(StoredJob job) {
        jobs[job.info().status().ordinal()]++;
        if (job.info().status() == JobStatus.PENDING) {
            laneOf(job).add(job);
        }
    }

    void remove(StoredJob job) {
        jobs[job.info().status().ordinal()]--;
        if (job.info().status() == JobStatus.PENDING) {
            laneOf(job).remove(job);
        }
    }

    private Lane laneOf(StoredJob job) {
        return job.info().suspect() ? suspects : unsuspected;
    }

    List<Lane> lanes(Suspects choice) {
        return switch (choice) {
            case ANY -> List.of(unsuspected, suspects);
            case NONE -> List.of(unsuspected);
            case ONLY -> List.of(suspects);
            default -> throw new IllegalArgumentException("the memory store does not know Suspects." + choice);
        };
    }
}
