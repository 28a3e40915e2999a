package dev.jobqueue.faults;

import java.io.IOException;
import java.util.List;

/** One kind of fault, done to running nodes. A new one is a file of its own, and an entry in {@link Faults}. */
interface Scenario {
    /** What the command calls it. */
    String name();

    /** What it does, in one sentence. */
    String about();

    /** Whether it is not for MariaDB: it counts what only a PostgreSQL server tells, or chooses its stores itself. */
    default boolean needsPostgres() {
        return false;
    }

    /**
     * Does it, waits until the nodes go on, and counts what became of their jobs.
     *
     * @throws IllegalStateException if something that must happen does not
     */
    List<Row> run(Cluster cluster) throws IOException, InterruptedException;
}
