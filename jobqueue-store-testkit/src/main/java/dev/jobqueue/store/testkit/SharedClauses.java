package dev.jobqueue.store.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobqueue.job.JobId;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.End;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.Lapse;
import dev.jobqueue.store.NotMemberException;
import dev.jobqueue.store.StoreSession;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;

/** What every clause about stores that admit many nodes starts from: two nodes, and the words for how they end. */
abstract class SharedClauses extends Clauses {
    /** Ten times as long as the usual one. */
    static final Duration LONG_LEASE = LEASE.multipliedBy(10);

    final Node first = aNode("first");
    final Node second = aNode("second");

    SharedClauses(JobStoreContract contract) {
        super(contract);
    }

    @BeforeEach
    void onlyOfSharedStores() {
        assumeTrue(store.traits().shared(), "the store admits one node at a time");
    }

    /** So late that every lease of the kit's usual length has run out, unless it is renewed. */
    void letLeasesRunOut() {
        clock.advance(LEASE.plusSeconds(1));
    }

    static List<Lapse> runOut(StoreSession seenBy) {
        return seenBy.heartbeat(Set.of()).runOut();
    }

    /** Ends this live node, whose lease has the usual length, in that way. */
    void end(Node node, StoreSession session, End end) {
        switch (end) {
            case LEFT -> session.close();
            case SUPERSEDED ->
                store.join(joining(aNode(node.name())).replacing(node)).close();
            case EXPIRED -> expire(node);
        }
    }

    /** As another node does it that has watched this one. */
    private void expire(Node node) {
        letLeasesRunOut();
        StoreSession watcher = join(aNode("watcher"));
        watcher.heartbeat(Set.of(onlyLapse(watcher, node)));
        watcher.close();
    }

    static Lapse onlyLapse(StoreSession seenBy, Node of) {
        List<Lapse> lapses =
                runOut(seenBy).stream().filter(lapse -> lapse.node().equals(of)).toList();
        assertEquals(1, lapses.size(), "a lease that has run out is shown once");
        return lapses.get(0);
    }

    void assertLive(StoreSession session) {
        assertEquals(Optional.empty(), session.heartbeat(Set.of()).ended());
        assertEquals(List.of(), session.claim(claimingNothing()).jobs());
    }

    void assertEnded(StoreSession session, End end) {
        assertEquals(Optional.of(end), session.heartbeat(Set.of()).ended());
        assertEquals(
                Optional.of(end),
                assertThrows(NotMemberException.class, () -> session.claim(claimingNothing()))
                        .ended());
    }

    /** In a queue that has no job. */
    private ClaimRequest claimingNothing() {
        return claiming(1, ClaimSlot.of("empty", Set.of(TYPE), 1));
    }

    Set<JobId> orphans() {
        return new HashSet<>(idsOf(listed(JobQuery.of(JobFilter.any().orphans()).in(JobOrder.STORE))));
    }
}
