package dev.jobqueue.store.jdbc;

import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A database that many share, through connections that are the host's: gives each call a transaction within its bound, and
 * says of what failed whether it may have been done. Leaves connections as it found them. Thread-safe.
 */
final class Database {
    /** Reports, and work on the schema, may take so many times as long. */
    private static final int LONGER = 10;

    private final DataSource source;
    private final String store;
    private final Dialect dialect;
    private final Calls writes;
    private final Calls reads;
    private final Calls reports;
    private final Calls definitions;
    private final Dialect.Framing callers;
    private final AtomicLong roundTrips = new AtomicLong();
    private volatile boolean closed;

    Database(DataSource source, String store, Dialect dialect, Duration bound) {
        this.source = source;
        this.store = store;
        this.dialect = dialect;
        Duration longer = bound.multipliedBy(LONGER);
        this.writes = new Calls(dialect.writing(bound), bound, true);
        this.reads = new Calls(dialect.reading(bound), bound, false);
        this.reports = new Calls(dialect.reporting(longer), longer, false);
        this.definitions = new Calls(dialect.defining(longer), longer, true);
        this.callers = dialect.withinCallers(bound);
    }

    /** Calls of one sort. */
    private record Calls(Dialect.Framing framing, Duration bound, boolean write) {}

    /** A call that writes. */
    <T> T write(String call, Transaction.Work<T> work) {
        return run(call, writes, work);
    }

    /** The same, but it takes no longer than this, nor than any call. */
    <T> T write(String call, Duration most, Transaction.Work<T> work) {
        Duration within = most.compareTo(writes.bound()) < 0 ? most : writes.bound();
        return run(call, new Calls(dialect.writing(within), within, true), work);
    }

    /** A call that only reads, and not much. */
    <T> T read(String call, Transaction.Work<T> work) {
        return run(call, reads, work);
    }

    /** A call that may read all that is stored, as the database plans it. */
    <T> T report(String call, Transaction.Work<T> work) {
        return run(call, reports, work);
    }

    /** Work on the schema. */
    <T> T define(String call, Transaction.Work<T> work) {
        return run(call, definitions, work);
    }

    /** What a host does in a transaction of its own. */
    interface HostsWork {
        void run(Connection connection) throws Exception;
    }

    /** Does it as a host would: READ COMMITTED, without a bound, committed if it returns, and rolled back if it throws. */
    void commit(HostsWork work) throws Exception {
        try (Connection connection = source.getConnection()) {
            int isolation = connection.getTransactionIsolation();
            boolean autoCommit = connection.getAutoCommit();
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            connection.setAutoCommit(false);
            try {
                work.run(connection);
                connection.commit();
            } catch (Throwable failure) {
                undo(connection, autoCommit, isolation);
                throw failure;
            }
            giveBack(connection, autoCommit, isolation);
        }
    }

    /** A connection that can't be undone is given up, or what comes next on it would commit what is there. */
    private static void undo(Connection connection, boolean autoCommit, int isolation) {
        try {
            connection.rollback();
            giveBack(connection, autoCommit, isolation);
        } catch (SQLException e) {
            abort(connection);
        }
    }

    private static void giveBack(Connection connection, boolean autoCommit, int isolation) throws SQLException {
        connection.setAutoCommit(autoCommit);
        connection.setTransactionIsolation(isolation);
    }

    /** Statements in the transaction of a caller, who owns the connection. */
    Transaction callers(Connection connection) {
        return Transaction.callers(connection, callers);
    }

    private <T> T run(String call, Calls calls, Transaction.Work<T> work) {
        checkOpen(call);
        boolean interrupted = Thread.currentThread().isInterrupted();
        long deadline = System.nanoTime() + calls.bound().toNanos();
        Transaction transaction = null;
        try {
            Connection connection = source.getConnection();
            try {
                transaction = Transaction.own(connection, calls.framing(), deadline);
                return run(connection, transaction, work);
            } finally {
                close(connection);
            }
        } catch (SQLException e) {
            boolean doubt = transaction != null && transaction.isCommitting() && dialect.leavesDoubt(e);
            throw calls.write() && doubt ? unknown(call, e) : notDone(call, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt(); // a pool may have taken the flag away
            }
            if (transaction != null) {
                roundTrips.addAndGet(transaction.roundTrips());
            }
        }
    }

    private <T> T run(Connection connection, Transaction transaction, Transaction.Work<T> work) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        int timeout = connection.getNetworkTimeout();
        if (!autoCommit) {
            connection.setAutoCommit(true); // as far as JDBC knows: we begin and commit ourselves
        }
        boolean done = false;
        try {
            T result = untilNoDeadlock(transaction, work);
            done = true;
            return result;
        } finally {
            restore(connection, done ? null : transaction, autoCommit, timeout);
        }
    }

    /** Of two that wait for each other one is undone, and the other goes on: so this ends, or its time is over. */
    private <T> T untilNoDeadlock(Transaction transaction, Transaction.Work<T> work) throws SQLException {
        while (true) {
            try {
                return work.run(transaction);
            } catch (SQLException e) {
                if (!dialect.isDeadlock(e)) {
                    throw e;
                }
                transaction.rollBack();
            }
        }
    }

    /** Undoes what a failure left, and gives the connection its own settings again; or gives it up, which does it too. */
    private static void restore(Connection connection, @Nullable Transaction failed, boolean autoCommit, int timeout) {
        try {
            if (failed != null) {
                failed.rollBack();
            }
            connection.setNetworkTimeout(Runnable::run, timeout);
            if (!autoCommit) {
                connection.setAutoCommit(false);
            }
        } catch (SQLException e) {
            abort(connection);
        }
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // the failure that led here is the one to tell
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // what was to be done is done, or its failure is the one to tell
        }
    }

    /** Nothing was done. */
    StoreException notDone(String call, SQLException cause) {
        return new StoreException("store " + store + " cannot " + call + ": " + meaning(cause), cause);
    }

    /** Perhaps it was done. */
    private OutcomeUnknownException unknown(String call, SQLException cause) {
        return new OutcomeUnknownException(
                "store " + store + " may or may not have done its " + call + ": " + meaning(cause), cause);
    }

    private String meaning(SQLException failure) {
        String meaning = Transaction.OVER.equals(failure.getSQLState())
                ? "it took too long; try again, and see the database's load"
                : dialect.meaning(failure);
        String reason = failure.getCause() instanceof SQLException cause // of a pool that has none to give
                ? ": " + cause.getMessage()
                : "";
        return meaning + " (" + failure.getMessage() + reason + ")";
    }

    /** How often the server was asked; for tests of what a call costs. */
    long roundTrips() {
        return roundTrips.get();
    }

    /** Refuses a call after {@link #close}. */
    void checkOpen(String call) {
        if (closed) {
            throw new StoreException("store " + store + " cannot " + call + ": it is closed");
        }
    }

    /** Later calls are refused. */
    void close() {
        closed = true;
    }
}
