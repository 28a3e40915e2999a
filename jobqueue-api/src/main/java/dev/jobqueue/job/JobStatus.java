package dev.jobqueue.job;

/** Where a job stands. A delayed job is PENDING with a run-at in the future; there is no extra status for it. */
public enum JobStatus {
    /** Waits for its run-at and a free worker. */
    PENDING,
    /** Claimed by a node, which runs it or is about to. */
    PROCESSING,
    /** Its handler returned. Final: nothing leaves it. */
    COMPLETED,
    /** Its handler failed and will not be tried again by itself. Final, but for a person's RETRY. */
    FAILED,
    /** Stopped by a person or by host code. Final: nothing leaves it. */
    CANCELLED;

    /** Whether a job in this status is done: COMPLETED, FAILED or CANCELLED. */
    public boolean isFinal() {
        return switch (this) {
            case PENDING, PROCESSING -> false;
            case COMPLETED, FAILED, CANCELLED -> true;
        };
    }
}
