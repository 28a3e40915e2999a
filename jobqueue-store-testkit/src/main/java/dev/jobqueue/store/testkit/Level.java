package dev.jobqueue.store.testkit;

/** How far a store claims to keep the contract; see {@link JobStoreContract#level()}. */
public enum Level {
    /** It does everything right, whatever that costs. */
    CORRECT,
    /** Also, what a claim costs does not grow with the jobs that it is not about. */
    SCALES
}
