package dev.jobqueue;

/** Where a queue's life stands. */
public enum QueueState {
    /** Recovered, and not yet started. */
    BUILT,
    /** Its workers run. */
    RUNNING,
    /** Stopped; may be started again. */
    STOPPED,
    /** Stopped, for a newer queue has its place in the store. Final but for close. */
    SUPERSEDED,
    /** Stopped for good. */
    CLOSED
}
