package dev.jobqueue.store.memory;

import dev.jobqueue.job.Node;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.End;
import dev.jobqueue.store.Heartbeat;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.Lapse;
import dev.jobqueue.store.NameHeldException;
import dev.jobqueue.store.NotMemberException;
import dev.jobqueue.store.StoreSession;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The membership of a store that admits many nodes: one lease a name, and how those ended that are not live any more.
 *
 * <p>Its lock is the store's: so the test that a claimer is live and the claim's write are one step, and so are the look at
 * who is live and the look at the jobs.
 */
final class SharedMembership implements Membership {
    /** How long an end is remembered. Unknown incarnations have ended as well, but can't be told how. */
    private static final Duration REMEMBERED = Duration.ofDays(1);

    private final InstantSource clock;
    private final Lock lock;
    private final Predicate<Node> holdsJobs;
    private final Map<String, Lease> leases = new HashMap<>();
    private final Map<Node, Ended> ends = new HashMap<>();

    private record Ended(End end, Instant at) {}

    /**
     * Nobody is in.
     *
     * @param clock the store's: by it leases run out
     * @param lock the store's
     * @param holdsJobs whether a job is PROCESSING under this node
     */
    SharedMembership(InstantSource clock, Lock lock, Predicate<Node> holdsJobs) {
        this.clock = clock;
        this.lock = lock;
        this.holdsJobs = holdsJobs;
    }

    @Override
    public StoreSession join(JoinRequest request, Function<ClaimRequest, Claimed> claims) {
        Node node = request.node();
        return locked(() -> {
            forgetOldEnds();
            if (ends.containsKey(node)) {
                throw notMember(node);
            }
            Lease held = leases.get(node.name());
            if (held != null && !held.node().equals(node)) {
                if (!request.replaces().equals(Optional.of(held.node()))) {
                    throw new NameHeldException(held.node());
                }
                end(held.node(), End.SUPERSEDED);
            }
            leases.put(node.name(), new Lease(request, clock.instant()));
            return new Session(node, claims);
        });
    }

    private void forgetOldEnds() {
        Instant old = clock.instant().minus(REMEMBERED);
        ends.entrySet().removeIf(ended -> ended.getValue().at().isBefore(old) && !holdsJobs.test(ended.getKey()));
    }

    private void end(Node node, End end) {
        leases.remove(node.name());
        ends.put(node, new Ended(end, clock.instant()));
    }

    /** Of a live node. */
    private Optional<Lease> leaseOf(Node node) {
        return Optional.ofNullable(leases.get(node.name()))
                .filter(lease -> lease.node().equals(node));
    }

    private NotMemberException notMember(Node node) {
        Ended ended = ends.get(node);
        return ended == null ? NotMemberException.unknown(node) : NotMemberException.ended(node, ended.end());
    }

    @Override
    public <T> T withLive(Function<Set<String>, T> read) {
        return locked(() -> read.apply(
                leases.values().stream().map(lease -> lease.node().text()).collect(Collectors.toSet())));
    }

    /** Without the lock, since who is told may call the store. */
    @Override
    public void wakeUp() {
        locked(() -> List.copyOf(leases.values())).forEach(Lease::wakeUp);
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private final class Session implements StoreSession {
        private final Node node;
        private final Function<ClaimRequest, Claimed> claims;

        Session(Node node, Function<ClaimRequest, Claimed> claims) {
            this.node = node;
            this.claims = claims;
        }

        @Override
        public Claimed claim(ClaimRequest request) {
            return locked(() -> {
                if (leaseOf(node).isEmpty()) {
                    throw notMember(node);
                }
                return claims.apply(request);
            });
        }

        @Override
        public Heartbeat heartbeat(Set<Lapse> silent) {
            return locked(() -> {
                Instant now = clock.instant();
                Optional<Lease> mine = leaseOf(node);
                if (mine.isEmpty()) {
                    End end = notMember(node).ended().orElse(End.SUPERSEDED);
                    return Heartbeat.of(Optional.of(end), now, List.of());
                }
                mine.get().renew(now);
                leases.values().forEach(lease -> lease.cut(now));
                endAll(silent, now);
                return Heartbeat.of(Optional.empty(), now, runOut(now));
            });
        }

        @Override
        public void close() {
            locked(() -> {
                leaseOf(node).ifPresent(lease -> end(node, End.LEFT));
                return node;
            });
        }
    }

    /** A lease that was renewed meanwhile is another one, and stays. */
    private void endAll(Set<Lapse> silent, Instant now) {
        runOut(now).stream().filter(silent::contains).forEach(lapse -> end(lapse.node(), End.EXPIRED));
    }

    private List<Lapse> runOut(Instant now) {
        return leases.values().stream()
                .filter(lease -> lease.hasRunOut(now))
                .map(Lease::lapse)
                .toList();
    }
}
