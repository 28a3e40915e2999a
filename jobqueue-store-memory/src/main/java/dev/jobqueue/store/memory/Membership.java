package dev.jobqueue.store.memory;

import dev.jobqueue.job.Node;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.ExclusiveMembership;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.StoreSession;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Who may claim from the store, and so whose jobs are orphans. Thread-safe; to be called without the store's lock. */
interface Membership {
    /**
     * What {@link JobStore#join} asks for.
     *
     * @param claims how the store claims for this node; called only while the node is live
     */
    StoreSession join(JoinRequest request, Function<ClaimRequest, Claimed> claims);

    /**
     * Reads the store while nobody can join or end.
     *
     * @param read given the owners that are live
     */
    <T> T withLive(Function<Set<String>, T> read);

    /** Tells every live node that jobs may have become claimable. */
    void wakeUp();

    /** That of a store that admits one node at a time. */
    static Membership exclusive(InstantSource clock) {
        ExclusiveMembership one = new ExclusiveMembership(clock);
        return new Membership() {
            @Override
            public StoreSession join(JoinRequest request, Function<ClaimRequest, Claimed> claims) {
                return one.join(request, claims);
            }

            @Override
            public <T> T withLive(Function<Set<String>, T> read) {
                return one.withHolder(
                        holder -> read.apply(holder.stream().map(Node::text).collect(Collectors.toSet())));
            }

            @Override
            public void wakeUp() {
                one.wakeUp();
            }
        };
    }
}
