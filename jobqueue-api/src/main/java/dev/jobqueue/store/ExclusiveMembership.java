package dev.jobqueue.store;

import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
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
 * <p>It lives as long as the open store: what a closed one forgets is unknown to the next, and so has ended.
 */
public final class ExclusiveMembership {
    /** So many ends are remembered; an older incarnation is unknown, which ends it as well. */
    private static final int REMEMBERED_ENDS = 1_000;

    private final InstantSource clock;
    private final ReadWriteLock members = new ReentrantReadWriteLock();
    private final Map<UUID, End> ends = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, End> eldest) {
            return size() > REMEMBERED_ENDS;
        }
    };
    private @Nullable JoinRequest holder;

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
            End ended = ends.get(node.incarnation());
            if (ended != null) {
                throw NotMemberException.ended(node, ended);
            }
            if (holder != null && !holder.node().equals(node)) {
                if (!request.replaces().equals(Optional.of(holder.node()))) {
                    throw new NameHeldException(holder.node());
                }
                ends.put(holder.node().incarnation(), End.SUPERSEDED);
            }
            holder = request;
            return new Session(node, claims);
        } finally {
            members.writeLock().unlock();
        }
    }

    /** Whether the job is PROCESSING and its owner is not the node that is in. */
    public boolean isOrphan(JobInfo job) {
        return job.status() == JobStatus.PROCESSING && !job.owner().equals(holder().map(Node::text));
    }

    /** Who is in. */
    public Optional<Node> holder() {
        members.readLock().lock();
        try {
            return Optional.ofNullable(holder).map(JoinRequest::node);
        } finally {
            members.readLock().unlock();
        }
    }

    /** Tells whoever is in that jobs may have become claimable. To be called without a lock of the store's. */
    public void wakeUp() {
        Runnable wakeUp;
        members.readLock().lock();
        try {
            wakeUp = holder == null ? () -> {} : holder.wakeUp();
        } finally {
            members.readLock().unlock();
        }
        wakeUp.run();
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
                if (!isIn()) {
                    End ended = ends.get(node.incarnation());
                    throw ended == null ? NotMemberException.unknown(node) : NotMemberException.ended(node, ended);
                }
                return claims.apply(request);
            } finally {
                members.readLock().unlock();
            }
        }

        @Override
        public Heartbeat heartbeat(Set<Lapse> silent) {
            members.readLock().lock();
            try {
                End ended = isIn() ? null : ends.getOrDefault(node.incarnation(), End.EXPIRED);
                return Heartbeat.of(Optional.ofNullable(ended), clock.instant(), List.of());
            } finally {
                members.readLock().unlock();
            }
        }

        @Override
        public void close() {
            members.writeLock().lock();
            try {
                if (isIn()) {
                    ends.put(node.incarnation(), End.LEFT);
                    holder = null;
                }
            } finally {
                members.writeLock().unlock();
            }
        }

        private boolean isIn() {
            return holder != null && holder.node().equals(node);
        }
    }
}
