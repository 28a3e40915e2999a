package dev.jobqueue.store.jdbc;

import dev.jobqueue.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The database, through connections that are the host's: gives each call a transaction within its bound, and says of what
 * failed whether it may have been done. Leaves connections as it found them. Thread-safe.
 */
final class PostgresDatabase {
    /** Reports, and work on the schema, may take so many times as long. */
    private static final int LONGER = 10;

    /**
     * READ COMMITTED whatever the host's default, and on disk when it is done, unless the server as a whole is told
     * otherwise. Locks are waited for less long than statements, statements less long than the client waits, so that the
     * clearest failure comes first.
     */
    private static final String BEGIN = "begin isolation level read committed read write;"
            + " select set_config('lock_timeout', '%d', true), set_config('statement_timeout', '%d', true),"
            + " set_config('idle_in_transaction_session_timeout', '%d', true), set_config('jit', 'off', true),"
            + " set_config('synchronous_commit', case s when 'off' then 'on' else s end, true)%s"
            + " from current_setting('synchronous_commit') s";

    /** By the keys, and never by a plan that was made when a table was empty: see the decision 020. */
    private static final String BY_THE_KEYS = ", set_config('enable_seqscan', 'off', true),"
            + " set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),"
            + " set_config('enable_bitmapscan', 'off', true)";

    private static final String PLANNED_ANEW = ", set_config('plan_cache_mode', 'force_custom_plan', true)";

    private final DataSource source;
    private final String store;
    private final Duration bound;
    private final String begin;
    private final String beginLong;
    private final AtomicLong roundTrips = new AtomicLong();
    private volatile boolean closed;

    PostgresDatabase(DataSource source, String store, Duration bound) {
        this.source = source;
        this.store = store;
        this.bound = bound;
        this.begin = begin(bound, BY_THE_KEYS);
        this.beginLong = begin(bound.multipliedBy(LONGER), PLANNED_ANEW);
    }

    private static String begin(Duration bound, String more) {
        long millis = bound.toMillis();
        return BEGIN.formatted(millis / 3, millis * 5 / 6, millis, more);
    }

    /** A call that writes. */
    <T> T write(String call, PostgresTransaction.Work<T> work) {
        return run(call, begin, bound, true, work);
    }

    /** The same, but it takes no longer than this, nor than any call. */
    <T> T write(String call, Duration most, PostgresTransaction.Work<T> work) {
        Duration within = most.compareTo(bound) < 0 ? most : bound;
        return run(call, begin(within, BY_THE_KEYS), within, true, work);
    }

    /** A call that only reads, and not much. */
    <T> T read(String call, PostgresTransaction.Work<T> work) {
        return run(call, begin, bound, false, work);
    }

    /** A call that may read all that is stored, as the database plans it. */
    <T> T report(String call, PostgresTransaction.Work<T> work) {
        return run(call, beginLong, bound.multipliedBy(LONGER), false, work);
    }

    /** Work on the schema. */
    <T> T define(String call, PostgresTransaction.Work<T> work) {
        return run(call, beginLong, bound.multipliedBy(LONGER), true, work);
    }

    private <T> T run(String call, String begins, Duration within, boolean writes, PostgresTransaction.Work<T> work) {
        checkOpen(call);
        boolean interrupted = Thread.currentThread().isInterrupted();
        long deadline = System.nanoTime() + within.toNanos();
        PostgresTransaction transaction = null;
        try {
            Connection connection = source.getConnection();
            try {
                transaction = PostgresTransaction.own(connection, new PostgresTransaction.Bounds(begins, deadline));
                return run(connection, transaction, work);
            } finally {
                close(connection);
            }
        } catch (SQLException e) {
            boolean doubt = transaction != null && transaction.isCommitting() && PostgresFailure.leavesDoubt(e);
            throw writes && doubt ? PostgresFailure.unknown(store, call, e) : PostgresFailure.notDone(store, call, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt(); // a pool may have taken the flag away
            }
            if (transaction != null) {
                roundTrips.addAndGet(transaction.roundTrips());
            }
        }
    }

    private static <T> T run(Connection connection, PostgresTransaction transaction, PostgresTransaction.Work<T> work)
            throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        int timeout = connection.getNetworkTimeout();
        if (!autoCommit) {
            connection.setAutoCommit(true); // as far as JDBC knows: we begin and commit ourselves
        }
        boolean done = false;
        try {
            T result = work.run(transaction);
            done = true;
            return result;
        } finally {
            restore(connection, done ? null : transaction, autoCommit, timeout);
        }
    }

    /** Undoes what a failure left, and gives the connection its own settings again; or gives it up, which does it too. */
    private static void restore(
            Connection connection, @Nullable PostgresTransaction failed, boolean autoCommit, int timeout) {
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
