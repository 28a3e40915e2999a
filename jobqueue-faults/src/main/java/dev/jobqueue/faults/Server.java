package dev.jobqueue.faults;

import java.io.IOException;

/** A database server of our own, as durable as in production, and what can befall it. */
interface Server extends AutoCloseable {
    Place place(String schema);

    /** Ends it as if it had crashed. */
    void crash() throws IOException, InterruptedException;

    /** Starts it again, and waits until it answers. */
    void startAgain() throws IOException, InterruptedException;

    /** Ends it and starts it as a standby, which answers and can't be written to: as in the midst of a failover. */
    void becomeStandby() throws IOException, InterruptedException;

    /** The standby is the primary from now on. */
    void promote();

    /** Ends a connection of this process, if there is one. */
    void terminateOneOf(String who);

    @Override
    void close() throws IOException;
}
