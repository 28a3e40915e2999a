package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Node;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.Heartbeat;
import dev.jobqueue.store.Lapse;
import dev.jobqueue.store.StoreSession;
import java.util.Set;

/** A node's membership, by the number of its row. */
final class PostgresSession implements StoreSession {
    private final PostgresJobStore store;
    private final Node node;
    private final int no;
    private final Runnable wakeUp;

    PostgresSession(PostgresJobStore store, Node node, int no, Runnable wakeUp) {
        this.store = store;
        this.node = node;
        this.no = no;
        this.wakeUp = wakeUp;
    }

    @Override
    public Claimed claim(ClaimRequest request) {
        return store.claim(node, no, request);
    }

    @Override
    public Heartbeat heartbeat(Set<Lapse> silent) {
        return store.heartbeat(this, no, silent);
    }

    /** That jobs may have become claimable. */
    void wakeUp() {
        wakeUp.run();
    }

    @Override
    public void close() {
        store.leave(this, no);
    }
}
