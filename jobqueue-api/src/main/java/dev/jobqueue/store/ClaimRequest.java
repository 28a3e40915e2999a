package dev.jobqueue.store;

import dev.jobqueue.job.JobLimits;
import java.time.Instant;
import java.util.List;

/** What a node wants to claim. Immutable. */
public final class ClaimRequest {
    private final Instant now;
    private final int limit;
    private final List<ClaimSlot> slots;

    private ClaimRequest(Instant now, int limit, List<ClaimSlot> slots) {
        this.now = JobLimits.checkTime("now", now);
        this.limit = limit;
        this.slots = List.copyOf(slots);
        if (limit < 1 || slots.isEmpty()) {
            throw new IllegalArgumentException("a claim needs a slot and a limit of at least 1, but had " + slots.size()
                    + " slots and a limit of " + limit);
        }
    }

    /**
     * A claim of up to {@code limit} jobs that are due at {@code now}.
     *
     * @param slots at least one, taken in order until the limit is reached
     */
    public static ClaimRequest of(Instant now, int limit, List<ClaimSlot> slots) {
        return new ClaimRequest(now, limit, slots);
    }

    /** The engine's time: a job is due if its run-at is not after it. */
    public Instant now() {
        return now;
    }

    /** The most jobs to claim in all; at most {@link StoreTraits#maxBatch()}. */
    public int limit() {
        return limit;
    }

    /** What to claim, in order. */
    public List<ClaimSlot> slots() {
        return slots;
    }

    @Override
    public String toString() {
        return "claim of " + limit + " at " + now + ": " + slots;
    }
}
