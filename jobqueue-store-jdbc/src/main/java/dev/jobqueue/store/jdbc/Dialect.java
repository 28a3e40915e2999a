package dev.jobqueue.store.jdbc;

import java.sql.SQLException;
import java.time.Duration;

/** How a database is spoken to, whatever is said: how transactions begin and end, and what failures mean. */
interface Dialect {
    /** Puts a transaction around statements, so that they go to the server as one. */
    interface Framing {
        /** The statements; which begin the transaction if they are its first ones, and commit it if they are its last. */
        String around(String sql, boolean first, boolean last);

        /** How many rows of answers the beginning gives, before those of the statements. */
        int answersOfBeginning();

        /** Undoes a transaction that was begun and not committed. */
        String undo();
    }

    /** For calls that write. No statement takes much longer than the bound. */
    Framing writing(Duration bound);

    /** For calls that read, and not much: what one of them reads was so at one moment. */
    Framing reading(Duration bound);

    /** For calls that may read all that is stored. */
    Framing reporting(Duration bound);

    /** For work on the schema. */
    Framing defining(Duration bound);

    /** For a transaction that the caller began and will commit: what fails in it has done nothing. */
    Framing withinCallers(Duration bound);

    /** Whether statements that carried their commit along may have been done although they failed so. */
    boolean leavesDoubt(SQLException failure);

    /** Whether the transaction was undone because it and another one waited for each other. */
    boolean isDeadlock(SQLException failure);

    /** What it means and what to do, in words. */
    String meaning(SQLException failure);
}
