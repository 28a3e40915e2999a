package dev.jobqueue.store;

/** How an incarnation ended; once, and for ever. */
public enum End {
    /** Another incarnation joined and replaced it. */
    SUPERSEDED,
    /** Another node found it silent for longer than its lease. */
    EXPIRED,
    /** It stopped cleanly. */
    LEFT
}
