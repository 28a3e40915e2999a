package dev.jobqueue.core.dispatch;

/**
 * How many jobs to claim ahead of the workers: about two to eight times what they take while a claim is under way, and at
 * least one each. So short jobs come in hundreds, and of long ones, which other nodes could begin sooner, hardly any waits.
 * Of one thread.
 */
final class ClaimAhead {
    private final int least;
    private final int most;
    private int jobs;
    private boolean lastWasFull;

    /**
     * Begins with the least.
     *
     * @param least one for each worker
     * @param most if it is less than that, this counts
     */
    ClaimAhead(int least, int most) {
        this.least = Math.min(least, most);
        this.most = most;
        this.jobs = this.least;
    }

    /**
     * A claim has come back, which was made when no more than half of them waited.
     *
     * @param full whether it brought as many as were asked for
     * @param waiting how many still waited then
     */
    void claimed(boolean full, int waiting) {
        if (full && lastWasFull && waiting == 0) { // what the last one brought is gone, and there is more
            jobs = Math.min(2 * jobs, most);
        } else if (waiting > jobs * 3 / 8) {
            jobs = Math.max(least, jobs / 2);
        }
        lastWasFull = full;
    }

    /** As things are. */
    int jobs() {
        return jobs;
    }
}
