package dev.jobqueue.store.jdbc;

import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.Heartbeat;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.Lapse;
import dev.jobqueue.store.StoreSession;
import java.time.Duration;
import java.util.Set;

/** A node's membership, by the number of its row. */
final class MemberSession implements StoreSession {
    /** A lease is renewed so often while it lasts, so a heartbeat that takes longer than this is late already. */
    private static final int RENEWALS = 4;

    private static final Duration SHORTEST_BEAT = Duration.ofMillis(100);

    private final DatabaseJobStore store;
    private final JoinRequest request;
    private final int no;

    MemberSession(DatabaseJobStore store, JoinRequest request, int no) {
        this.store = store;
        this.request = request;
        this.no = no;
    }

    @Override
    public Claimed claim(ClaimRequest claim) {
        return store.claim(request.node(), no, claim);
    }

    @Override
    public Heartbeat heartbeat(Set<Lapse> silent) {
        Duration renewal = request.lease().dividedBy(RENEWALS);
        return store.heartbeat(this, no, renewal.compareTo(SHORTEST_BEAT) < 0 ? SHORTEST_BEAT : renewal, silent);
    }

    /** Tells the node that jobs may have become claimable. */
    void wakeUp() {
        request.wakeUp().run();
    }

    @Override
    public void close() {
        store.leave(this, no);
    }
}
