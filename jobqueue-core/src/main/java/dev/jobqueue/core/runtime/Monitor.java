package dev.jobqueue.core.runtime;

import java.time.Duration;

/** A lock with a condition to wait for: the one way in which the engine's threads wait for each other. */
public interface Monitor {
    /** Enters; waits for whoever is in. */
    void lock();

    /** Leaves. */
    void unlock();

    /** Wakes one that waits. To be called by who is in, where any of those that wait will do. */
    void signal();

    /** Wakes all that wait. To be called by who is in. */
    void signalAll();

    /**
     * Leaves, waits for a signal, at most this long, and enters again. May return for no reason. To be called by who is in.
     */
    void await(Duration longest) throws InterruptedException;
}
