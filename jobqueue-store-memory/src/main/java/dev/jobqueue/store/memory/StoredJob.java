package dev.jobqueue.store.memory;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;

/** A job as the store holds it: as it now stands, and what the store's indexes need to know of it. */
final class StoredJob {
    private final long sequence;
    private final Kind kind;
    private Job job;
    private Turn turn;

    /**
     * A job that was just inserted.
     *
     * @param sequence its place in the order of inserts, which no other job ever has
     */
    StoredJob(long sequence, Kind kind, Job job) {
        this.sequence = sequence;
        this.kind = kind;
        this.job = job;
        this.turn = Turn.of(job.info());
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
        return turn;
    }

    /** To be called only while no index holds the job. */
    void becomes(JobInfo now) {
        boolean sameTurn = now.priority() == info().priority() && now.runAt().equals(info().runAt());
        job = job.withInfo(now);
        if (!sameTurn) {
            turn = Turn.of(now);
        }
    }
}
