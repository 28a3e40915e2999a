package dev.jobqueue.store;

import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The membership of a store that admits one node at a time: who is in, and who has ended. For authors of such stores,
 * who then write neither join nor heartbeat nor leave. Thread-safe.
 *
 * <pre>{@code
 * public StoreSession join(JoinRequest request) {
 *     return membership.join(request, claim -> claim(request.node(), claim));
 * }
 * }</pre>
 *
 * <p>Lock order: this first, then the store's own. {@link #join}, {@link #withHolder}, and the session's claim and close
 * lock; call the first two without a lock of the store's. The other methods lock nothing.
 *
 * <p>It lives as long as the open store: what a closed one forgets is unknown to the next, and so has ended.
 */
public final class ExclusiveMembership {
    /** How long an end is remembered. Unknown incarnations have ended as well, but can't be told how. */
    private static final Duration REMEMBERED = Duration.ofDays(1);

    private final InstantSource clock;
    private final ReadWriteLock members = new ReentrantReadWriteLock();
    private final Map<UUID, Ended> ends = new ConcurrentHashMap<>();
    private volatile @Nullable JoinRequest holder;

    private record Ended(End end, Instant at) {}

    /** Nobody is in. The clock is the store's. */
    public ExclusiveMembership(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * What {@link JobStore#join} asks for.
     *
     * @param claims how the store claims for this node; called only while the node is in, and finished before another
     *     can take its place
     */
    public StoreSession join(JoinRequest request, Function<ClaimRequest, Claimed> claims) {
        Node node = request.node();
        members.writeLock().lock();
        try {
            Instant forgotten = clock.instant().minus(REMEMBERED);
            ends.values().removeIf(ended -> ended.at().isBefore(forgotten));
            Ended ended = ends.get(node.incarnation());
            if (ended != null) {
                throw NotMemberException.ended(node, ended.end());
            }
            JoinRequest before = holder;
            if (before != null && !before.node().equals(node)) {
                if (!request.replaces().equals(Optional.of(before.node()))) {
                    throw new NameHeldException(before.node());
                }
                end(before.node(), End.SUPERSEDED);
            }
            holder = request;
            return new Session(node, claims);
        } finally {
            members.writeLock().unlock();
        }
    }

    /** Who is in, by now. */
    public Optional<Node> holder() {
        JoinRequest now = holder;
        return now == null ? Optional.empty() : Optional.of(now.node());
    }

    /** Whether the job is PROCESSING and its owner is not the node that is in. */
    public boolean isOrphan(JobInfo job) {
        return job.status() == JobStatus.PROCESSING && !job.owner().equals(holder().map(Node::text));
    }

    /**
     * Reads the store while nobody can join or leave: so orphans are listed. Read without it, a node that joined and
     * claimed meanwhile would be taken for an ended one, and be robbed.
     *
     * @param read given who is in
     */
    public <T> T withHolder(Function<Optional<Node>, T> read) {
        members.readLock().lock();
        try {
            return read.apply(holder());
        } finally {
            members.readLock().unlock();
        }
    }

    /** Tells whoever is in that jobs may have become claimable. To be called without a lock of the store's. */
    public void wakeUp() {
        JoinRequest now = holder;
        if (now != null) {
            now.wakeUp().run();
        }
    }

    private boolean isIn(Node node) {
        return holder().equals(Optional.of(node));
    }

    private void end(Node node, End end) {
        ends.put(node.incarnation(), new Ended(end, clock.instant()));
    }

    private Optional<End> endOf(Node node) {
        return Optional.ofNullable(ends.get(node.incarnation())).map(Ended::end);
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
            members.readLock().lock();
            try {
                if (!isIn(node)) {
                    throw endOf(node)
                            .map(end -> NotMemberException.ended(node, end))
                            .orElseGet(() -> NotMemberException.unknown(node));
                }
                return claims.apply(request);
            } finally {
                members.readLock().unlock();
            }
        }

        @Override
        public Heartbeat heartbeat(Set<Lapse> silent) {
            Optional<End> end =
                    isIn(node) ? Optional.empty() : Optional.of(endOf(node).orElse(End.SUPERSEDED));
            return Heartbeat.of(end, clock.instant(), List.of());
        }

        @Override
        public void close() {
            members.writeLock().lock();
            try {
                if (isIn(node)) {
                    end(node, End.LEFT);
                    holder = null;
                }
            } finally {
                members.writeLock().unlock();
            }
        }
    }
}
