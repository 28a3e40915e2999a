package dev.jobqueue.store.jdbc;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.jobqueue.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the store's file, and the calls that take turns on it, each in a transaction of its own. Opened by
 * its first call, and by the next one after a failure that left it in doubt. Thread-safe.
 */
final class SqliteConnection implements AutoCloseable {
    /** How long a call waits for its turn; and again, at most, for a lock of another program. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final List<String> SETTINGS = List.of(
            "pragma busy_timeout = " + PATIENCE.toMillis(),
            "pragma synchronous = full", // on disk when commit returns
            "pragma cache_size = -16000", // KiB
            "pragma journal_size_limit = 67108864"); // what a large batch leaves of the log

    private final String store;
    private final Connector connector;
    private final ReentrantLock turn = new ReentrantLock(true); // fair: none waits longer than its turn
    private @Nullable Statements statements;
    private volatile boolean closed;

    SqliteConnection(String store, Connector connector) {
        this.store = store;
        this.connector = connector;
    }

    /** Where connections come from. */
    interface Connector {
        Connection connect() throws SQLException;
    }

    /** What a call does in its transaction. */
    interface Work<T> {
        T run(Statements sql) throws SQLException;
    }

    /** Runs a call that writes. */
    <T> T write(String call, Work<T> work) {
        return inTurn(call, sql -> {
            T result = begun("begin immediate", call, sql, work);
            commit(call, sql);
            return result;
        });
    }

    /** Runs a call that only reads: all of it sees one state. */
    <T> T read(String call, Work<T> work) {
        return inTurn(call, sql -> {
            T result = begun("begin", call, sql, work);
            rollBack(sql);
            return result;
        });
    }

    /** Refuses a call after {@link #close}. */
    void checkOpen(String call) {
        if (closed) {
            throw new StoreException("store " + store + " cannot " + call + ": it is closed");
        }
    }

    private interface Turn<T> {
        T take(Statements sql);
    }

    private <T> T inTurn(String call, Turn<T> one) {
        awaitTurn(call);
        try {
            checkOpen(call);
            if (statements == null) {
                statements = connect(call);
            }
            return one.take(statements);
        } finally {
            turn.unlock();
        }
    }

    private <T> T begun(String begin, String call, Statements sql, Work<T> work) {
        boolean done = false;
        try {
            sql.run(begin);
            T result = work.run(sql);
            done = true;
            return result;
        } catch (SQLException e) {
            throw SqliteFailure.notDone(store, call, e);
        } finally {
            if (!done) {
                rollBack(sql);
            }
        }
    }

    private void commit(String call, Statements sql) {
        try {
            sql.run("commit");
        } catch (SQLException e) {
            boolean undone = rollBack(sql) && SqliteFailure.isBusy(e);
            throw undone ? SqliteFailure.notDone(store, call, e) : SqliteFailure.unknown(store, call, e);
        }
    }

    /** Ends a transaction without a trace. If that fails, or there is none, the connection is given up, which does it too. */
    private boolean rollBack(Statements sql) {
        try {
            sql.run("rollback");
            return true;
        } catch (SQLException e) {
            giveUp(sql);
            return false;
        }
    }

    private Statements connect(String call) {
        Statements sql = null;
        try {
            sql = new Statements(connector.connect());
            for (String setting : SETTINGS) {
                sql.set(setting);
            }
            String mode = sql.queryOne("pragma journal_mode = wal", none -> {}, row -> row.getString(1))
                    .orElse("unknown");
            if (!mode.equals("wal")) {
                throw new SQLException(
                        "its folder can't have a write-ahead log, only \"" + mode + "\"; open a file on a local disk");
            }
            return sql;
        } catch (SQLException e) {
            if (sql != null) {
                giveUp(sql);
            }
            throw SqliteFailure.notDone(store, call, e);
        }
    }

    private void giveUp(Statements sql) {
        statements = null;
        try {
            sql.close();
        } catch (SQLException e) {
            // the failure that led here is the one to tell; the next call opens a new connection
        }
    }

    private void awaitTurn(String call) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (turn.tryLock(deadline - System.nanoTime(), NANOSECONDS)) {
                        return;
                    }
                    throw new StoreException("store " + store + " cannot " + call + ": its turn did not come within "
                            + PATIENCE + ", so much was under way; try again");
                } catch (InterruptedException e) {
                    interrupted = true; // waits on: the wait has its bound
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits for the call under way, which ends within its bound; later ones are refused. */
    @Override
    public void close() {
        turn.lock();
        try {
            closed = true;
            if (statements != null) {
                giveUp(statements);
            }
        } finally {
            turn.unlock();
        }
    }
}
