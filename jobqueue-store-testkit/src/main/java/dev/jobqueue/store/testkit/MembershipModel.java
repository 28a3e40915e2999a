package dev.jobqueue.store.testkit;

import dev.jobqueue.job.Node;
import dev.jobqueue.store.End;
import dev.jobqueue.store.Lapse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Who is live in a store, and how the others ended, written down as plainly as it can be said. */
final class MembershipModel {
    private final boolean shared;
    private final Map<String, Lapse> leases = new HashMap<>();
    private final Map<Node, End> ends = new HashMap<>();

    MembershipModel(boolean shared) {
        this.shared = shared;
    }

    /** A store for one node has one place, whatever the names. */
    private String place(String name) {
        return shared ? name : "the only place";
    }

    Optional<Node> holder(String name) {
        return Optional.ofNullable(leases.get(place(name))).map(Lapse::node);
    }

    boolean isLive(Node node) {
        return holder(node.name()).equals(Optional.of(node));
    }

    Optional<End> end(Node node) {
        return Optional.ofNullable(ends.get(node));
    }

    private void end(Node node, End end) {
        leases.remove(place(node.name()));
        ends.put(node, end);
    }

    /** Of a node that may. */
    void join(Node node, Duration lease, Instant now) {
        holder(node.name()).filter(holder -> !holder.equals(node)).ifPresent(holder -> end(holder, End.SUPERSEDED));
        leases.put(place(node.name()), Lapse.of(node, now.plus(lease), lease));
    }

    void leave(Node node) {
        if (isLive(node)) {
            end(node, End.LEFT);
        }
    }

    /** Of a live node. */
    void beat(Node node, Set<Lapse> silent, Instant now) {
        leases.replaceAll((place, lease) -> {
            Instant longest = now.plus(lease.lease());
            boolean renewed = lease.node().equals(node) || lease.leaseUntil().isAfter(longest);
            return renewed ? Lapse.of(lease.node(), longest, lease.lease()) : lease;
        });
        Set<Lapse> found = runOut(now);
        found.retainAll(silent);
        found.forEach(lapse -> end(lapse.node(), End.EXPIRED));
    }

    boolean hasLeasesToCut(Instant now) {
        return leases.values().stream().anyMatch(lease -> lease.leaseUntil().isAfter(now.plus(lease.lease())));
    }

    Set<Lapse> runOut(Instant now) {
        return leases.values().stream()
                .filter(lease -> shared && lease.leaseUntil().isBefore(now))
                .collect(Collectors.toSet());
    }
}
