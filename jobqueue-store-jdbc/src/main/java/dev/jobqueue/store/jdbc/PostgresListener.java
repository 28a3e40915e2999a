package dev.jobqueue.store.jdbc;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Hears that jobs may have become claimable, whichever process made them so: a thread on a connection that it keeps. When
 * that is lost it takes another, and until it has one it wakes the nodes here with every try, for nobody else would.
 */
final class PostgresListener implements Present.Ear {
    /** After so much silence it asks whether the server is still there. */
    private static final int SILENCE_MILLIS = 30_000;

    /** It looks so often whether it is to end: a thread that reads a socket is told by nothing else. */
    private static final int LOOK_MILLIS = 100;

    private static final int ANSWER_MILLIS = 5_000;

    /** Who closes it waits so long at most. */
    private static final int END_MILLIS = 1_000;

    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private final DataSource source;
    private final String channel;
    private final String here;
    private final Runnable wakeUp;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable Connection listening;
    private long pause;

    private PostgresListener(DataSource source, String channel, String here, Runnable wakeUp) {
        this.source = source;
        this.channel = channel;
        this.here = here;
        this.wakeUp = wakeUp;
        this.thread = new Thread(this::run, "jobqueue-listen");
        thread.setDaemon(true);
    }

    /**
     * Begins to listen.
     *
     * @param here what this process's own notifications carry: it wakes its nodes itself
     */
    static PostgresListener start(DataSource source, String channel, String here, Runnable wakeUp) {
        PostgresListener listener = new PostgresListener(source, channel, here, wakeUp);
        listener.thread.start();
        return listener;
    }

    /** The channel of the store's notifications, which all databases of a server have for themselves. */
    static String channel(Names names) {
        return names.quoted("jobqueue_" + names.hash());
    }

    /** Whether the driver behind this connection can. */
    static boolean canListenOn(Connection connection) throws SQLException {
        try {
            return connection.isWrapperFor(PGConnection.class);
        } catch (LinkageError e) {
            return false; // the host's driver is another one
        }
    }

    private void run() {
        while (isOpen()) {
            try (Connection connection = source.getConnection()) {
                listening = connection;
                boolean ended = false;
                try {
                    listen(connection);
                    ended = true;
                } finally {
                    if (!ended) {
                        abort(connection); // it must not go back to the pool and listen on
                    }
                }
            } catch (SQLException | RuntimeException e) {
                // lost, refused, or given up by us; or whatever a host's data source throws
            }
            listening = null;
            awaitNextTry();
        }
    }

    private boolean isOpen() {
        return closed.getCount() > 0;
    }

    /** Until it is closed; then the connection is as it was. */
    private void listen(Connection connection) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        int timeout = connection.getNetworkTimeout();
        try (Statement statement = connection.createStatement()) {
            connection.setAutoCommit(true);
            statement.execute("listen " + channel);
            pause = 0;
            wakeUp.run(); // for what was notified before
            PGConnection notified = connection.unwrap(PGConnection.class);
            int silence = 0;
            while (isOpen()) {
                PGNotification[] notifications = notified.getNotifications(LOOK_MILLIS);
                if (notifications != null && notifications.length > 0) {
                    silence = 0;
                    if (isOfAnother(notifications)) {
                        wakeUp.run();
                    }
                } else if (++silence == SILENCE_MILLIS / LOOK_MILLIS) {
                    silence = 0;
                    connection.setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
                    statement.execute("select 1");
                }
            }
            connection.setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
            statement.execute("unlisten " + channel);
        }
        connection.setNetworkTimeout(Runnable::run, timeout);
        connection.setAutoCommit(autoCommit);
    }

    private boolean isOfAnother(PGNotification[] notifications) {
        for (PGNotification notification : notifications) {
            if (!notification.getParameter().equals(here)) {
                return true;
            }
        }
        return false;
    }

    private void awaitNextTry() {
        pause = Math.min(LONGEST_PAUSE_MILLIS, Math.max(FIRST_PAUSE_MILLIS, 2 * pause));
        try {
            if (!closed.await(pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2), MILLISECONDS)) {
                wakeUp.run();
            }
        } catch (InterruptedException e) {
            closed.countDown(); // nobody but the host's own code can have meant this
        }
    }

    /** Ends it, and gives its connection back; or up, when the server does not answer for it. */
    @Override
    public void close() {
        closed.countDown();
        boolean interrupted = false;
        try {
            thread.join(END_MILLIS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        Connection connection = listening;
        if (connection != null) {
            abort(connection);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // it is lost already
        }
    }
}
