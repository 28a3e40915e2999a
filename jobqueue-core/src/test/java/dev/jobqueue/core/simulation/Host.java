package dev.jobqueue.core.simulation;

/** What the auditor knows of a process that hosts a queue. Times are of the scheduler. */
final class Host {
    static final long NEVER = Long.MIN_VALUE;

    /** The latest store call that did not go as it should, or pause. */
    long trouble = NEVER;
    /** The latest that kept it from comparing what it holds with the store. */
    long hindered = NEVER;

    long building = NEVER;
    /** Its first build() has not returned. */
    private boolean built;

    long started = NEVER;
    boolean running;
    long stopping = NEVER;
    /** How many jobs it has put back since the latest build began. */
    int recovered;

    boolean isBuilding() {
        return !built;
    }

    void built() {
        built = true;
    }
}
