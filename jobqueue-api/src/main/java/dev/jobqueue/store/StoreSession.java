package dev.jobqueue.store;

import java.util.Set;

/** A node's membership in a store: the one thing that needs it is claiming. Thread-safe. */
public interface StoreSession extends AutoCloseable {
    /**
     * Takes due PENDING jobs: each one's move to PROCESSING, with this node as owner and the next attempt, is atomic and
     * happens for one node only.
     *
     * <p>Best first: by priority, run-at and id, all ascending, within each slot; slots in their order until the
     * request's limit is reached. Exact for a lone claimer over at most 1,000 newly due jobs; otherwise a better job may
     * be overtaken for at most two seconds.
     *
     * @throws NotMemberException if this incarnation has ended; the test and the claim's write are one step
     * @throws StoreException if nothing was claimed
     * @throws OutcomeUnknownException if perhaps jobs were claimed
     */
    Claimed claim(ClaimRequest request);

    /**
     * Renews this node's lease, however late; cuts any lease that reaches further ahead than it is long, as a clock that
     * went back leaves it; ends those of {@code silent} whose lease is unchanged and still run out.
     * On an exclusive store it only tells how this incarnation ended, if it has. An incarnation that the store does not
     * know is told SUPERSEDED.
     *
     * @param silent leases that this node has watched run out for their whole length, on its own clock
     * @throws StoreException if the store cannot answer
     */
    Heartbeat heartbeat(Set<Lapse> silent);

    /**
     * Leaves: writes the end {@link End#LEFT}, after which no claim of this incarnation takes effect. May be called
     * again; an incarnation that has ended otherwise stays so.
     *
     * @throws StoreException if the store cannot answer
     */
    @Override
    void close();
}
