package dev.jobqueue.store;

/** The order of a {@link JobQuery}'s pages. */
public enum JobOrder {
    /** Any total order that the store finds cheap and that writes do not shuffle. Its cursor survives the removal of what was listed. */
    STORE,
    /** The order of claims: priority, run-at, id, all ascending. For PENDING jobs only. */
    CLAIM,
    /** The latest created first, then the higher id. For people: may cost as much as the asked statuses hold. */
    NEWEST
}
