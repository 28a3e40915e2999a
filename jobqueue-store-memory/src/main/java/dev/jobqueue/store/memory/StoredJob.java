package dev.jobqueue.store.memory;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import org.jspecify.annotations.Nullable;

/** A job as the store holds it: as it now stands, and what the store's indexes need to know of it. */
final class StoredJob {
    private final long sequence;
    private final Kind kind;
    private Job job;
    private @Nullable Turn turn;

    /**
     * A job that was just inserted.
     *
     * @param sequence its place in the order of inserts, which no other job ever has
     */
    StoredJob(long sequence, Kind kind, Job job) {
        this.sequence = sequence;
        this.kind = kind;
        this.job = job;
        this.turn = turnOf(job.info());
    }

    long sequence() {
        return sequence;
    }

    Kind kind() {
        return kind;
    }

    Job job() {
        return job;
    }

    JobInfo info() {
        return job.info();
    }

    Turn turn() {
        return turn != null ? turn : Turn.of(info());
    }

    /** To be called only while no index holds the job. */
    void becomes(JobInfo now) {
        job = job.withInfo(now);
        turn = turnOf(now);
    }

    /** Kept only for a PENDING job: others wait for no turn, and there may be millions of them. */
    private static @Nullable Turn turnOf(JobInfo job) {
        return job.status() == JobStatus.PENDING ? Turn.of(job) : null;
    }
}
