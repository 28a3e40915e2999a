package dev.jobqueue.store;

/** Which jobs a claim wants, as to {@link dev.jobqueue.job.JobInfo#suspect()}. */
public enum Suspects {
    /** All jobs. */
    ANY,
    /** Only jobs that are no suspects. */
    NONE,
    /** Only suspects. */
    ONLY
}
