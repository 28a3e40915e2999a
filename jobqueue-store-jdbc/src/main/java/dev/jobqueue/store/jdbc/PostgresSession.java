package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Node;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.Heartbeat;
import dev.jobqueue.store.Lapse;
import dev.jobqueue.store.StoreSession;
import java.util.Optional;
import java.util.Set;

/** A node's membership, by the number of its row. */
final class PostgresSession implements StoreSession {
    private final PostgresJobStore store;
    private final Node node;
    private final int no;
    private final Runnable wakeUp;
    private final Optional<PostgresListener> listener;

    PostgresSession(PostgresJobStore store, Node node, int no, Runnable wakeUp, Optional<PostgresListener> listener) {
        this.store = store;
        this.node = node;
        this.no = no;
        this.wakeUp = wakeUp;
        this.listener = listener;
    }

    @Override
    public Claimed claim(ClaimRequest request) {
        return store.claim(node, no, request);
    }

    @Override
    public Heartbeat heartbeat(Set<Lapse> silent) {
        return store.heartbeat(no, silent);
    }

    /** That jobs may have become claimable. */
    void wakeUp() {
        wakeUp.run();
    }

    /** Wakes the node no more, whether it has left or its store is closed. */
    void fallSilent() {
        listener.ifPresent(PostgresListener::close);
    }

    @Override
    public void close() {
        store.leave(this, no);
    }
}
