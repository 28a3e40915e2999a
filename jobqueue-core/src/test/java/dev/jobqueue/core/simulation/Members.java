package dev.jobqueue.core.simulation;

import dev.jobqueue.job.Node;
import dev.jobqueue.store.End;
import dev.jobqueue.store.Heartbeat;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.Lapse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The auditor's view of who is in the store, and how each incarnation ended; and whether it should have. */
final class Members {
    private final Auditor auditor;
    private final StoreClock clock;
    private final Duration renewal;
    private final boolean shared;
    private final Map<Node, Incarnation> incarnations = new LinkedHashMap<>();

    Members(Auditor auditor, StoreClock clock, Duration renewal, boolean shared) {
        this.auditor = auditor;
        this.clock = clock;
        this.renewal = renewal;
        this.shared = shared;
    }

    Incarnation of(Node node) {
        Incarnation found = incarnations.get(node);
        if (found == null) {
            throw auditor.wrong(4, node + " never joined");
        }
        return found;
    }

    /** This one does something that only a live one may. */
    Incarnation live(Node node, String what) {
        Incarnation found = of(node);
        if (!found.isLive()) {
            throw auditor.wrong(4, node + " " + what + ", but is " + found.end);
        }
        return found;
    }

    void joined(Process process, JoinRequest request) {
        Node node = request.node();
        Incarnation before = incarnations.get(node);
        if (before != null && !before.isLive()) {
            throw auditor.wrong(4, node + " joins again, but is " + before.end);
        }
        for (Incarnation other : incarnations.values()) {
            boolean inItsPlace = other.node.name().equals(node.name()) || !shared;
            if (other != before && other.isLive() && inItsPlace) {
                if (!request.replaces().equals(Optional.of(other.node))) {
                    throw auditor.wrong(
                            4, node + " joins in the place of " + other.node + ", but named " + request.replaces());
                }
                if (other.process != process && !auditor.host(process).isBuilding()) {
                    throw auditor.wrong(4, node + " comes back in the place of " + other.node + " of " + other.process);
                }
                other.ends(End.SUPERSEDED, auditor.now());
            }
        }
        if (before == null) {
            incarnations.put(
                    node,
                    new Incarnation(
                            node,
                            process,
                            request.lease(),
                            auditor.now(),
                            clock.instant().plus(request.lease())));
        } else {
            before.leaseUntil = clock.instant().plus(request.lease());
        }
    }

    void left(Node node) {
        Incarnation in = of(node);
        if (in.isLive()) {
            in.ends(End.LEFT, auditor.now());
        }
    }

    void beat(Node node, Set<Lapse> silent, Heartbeat heartbeat, long sent) {
        Incarnation in = of(node);
        if (in.isLive() == heartbeat.ended().isPresent()) {
            throw auditor.wrong(4, node + " is " + in.end + ", and its heartbeat says " + heartbeat.ended());
        }
        if (!in.isLive() || !shared) {
            return;
        }
        Instant now = clock.instant();
        in.leaseUntil = now.plus(in.lease);
        for (Incarnation other : incarnations.values()) {
            if (other.isLive() && other.leaseUntil.isAfter(now.plus(other.lease))) {
                other.leaseUntil = now.plus(other.lease);
            }
        }
        Set<Lapse> runOut = new HashSet<>();
        for (Incarnation other : incarnations.values()) {
            if (other.isLive() && !other.leaseUntil.isAfter(now)) {
                Lapse lapse = Lapse.of(other.node, other.leaseUntil, other.lease);
                if (silent.contains(lapse)) {
                    expires(in, other, lapse, sent);
                } else {
                    runOut.add(lapse);
                }
            }
        }
        if (!runOut.equals(Set.copyOf(heartbeat.runOut()))) {
            throw auditor.wrong(12, "run out are " + runOut + ", but " + node + " is told of " + heartbeat.runOut());
        }
    }

    private void expires(Incarnation by, Incarnation silent, Lapse lapse, long sent) {
        Long since = by.watched.get(lapse);
        if (since == null || sent - since < lapse.lease().toNanos()) {
            throw auditor.wrong(
                    6,
                    by.node + " ends " + lapse + ", which it has watched "
                            + (since == null
                                    ? "not at all, or not without a break"
                                    : "for " + Duration.ofNanos(sent - since)));
        }
        silent.ends(End.EXPIRED, auditor.now());
        silent.endedBy = by.process;
    }

    /** An answer has arrived: it renewed, and has seen who is silent. */
    void heard(Node node, Heartbeat heartbeat, long sent) {
        Incarnation in = of(node);
        if (sent - in.renewed > renewal.multipliedBy(2).toNanos()) {
            in.watched.clear();
        }
        if (heartbeat.ended().isEmpty()) {
            in.renewed = sent;
        }
        in.watched.keySet().retainAll(Set.copyOf(heartbeat.runOut()));
        heartbeat.runOut().forEach(lapse -> in.watched.putIfAbsent(lapse, auditor.now()));
    }

    void renewed(Node node, long sent) {
        of(node).renewed = sent;
    }

    /** As which this process joined last; null: it has not, or its name is another's by now. */
    @Nullable
    Incarnation lastOf(Process process) {
        Incarnation last = null;
        for (Incarnation in : incarnations.values()) {
            if (in.process == process) {
                last = in;
            } else if (in.process.name.equals(process.name)) {
                last = null;
            }
        }
        return last;
    }

    void assertNoneOf(Process process) {
        for (Incarnation in : incarnations.values()) {
            if (in.process == process && in.isLive()) {
                throw auditor.wrong(11, in.node + " is in, although it has stopped");
            }
        }
    }
}
