package dev.jobqueue.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL can do, asked by hand: claimers that complete their last batch and claim the next in one round trip and
 * one transaction, and do nothing else. Two of them keep a server on two cores busy, for one computes while the other
 * waits for the disk; more were not faster.
 */
abstract class BareSql implements Contestant {
    private static final int CLAIMERS = 2;
    private static final int BATCH = 500;
    private static final long IDS = 0x0192_0000_0000_7000L;

    /** No plan that was made for an empty table, and none worth compiling. */
    private static final String[] SETTINGS = {
        "set enable_seqscan = off",
        "set enable_hashjoin = off",
        "set enable_mergejoin = off",
        "set enable_bitmapscan = off",
        "set jit = off"
    };

    private final HikariDataSource pool;
    private final Runnable handler;
    private final AtomicLong ids = new AtomicLong();
    private final List<Thread> claimers = new ArrayList<>();
    private long submitted;
    private long finished;
    private boolean closed;
    private @Nullable SQLException failed;

    BareSql(Place place, Runnable handler, String tables) throws SQLException {
        this.pool = place.pool(SETTINGS);
        this.handler = handler;
        Tables.create(pool, tables);
    }

    /**
     * Claimed jobs.
     *
     * @param lease what they are claimed under, if anything
     */
    record Batch(long lease, List<UUID> ids, List<Integer> attempts) {}

    /** Takes arrays of ids and payloads. */
    abstract String insert();

    /** Completes the batch, if there is one, and claims the next of up to this size, all in one round trip. */
    abstract Batch completeAndClaim(Connection connection, @Nullable Batch last, int most) throws SQLException;

    @Override
    public void submit() throws SQLException {
        submitAll(1);
    }

    @Override
    public void submitAll(int jobs) throws SQLException {
        for (int left = jobs; left > 0; left -= STORED_AT_ONCE) {
            int some = Math.min(STORED_AT_ONCE, left);
            try (Connection connection = pool.getConnection()) {
                insert(connection, some);
            }
            submitted(some);
        }
    }

    private void insert(Connection connection, int jobs) throws SQLException {
        UUID[] some = new UUID[jobs];
        Arrays.setAll(some, i -> new UUID(IDS, Long.MIN_VALUE + ids.incrementAndGet()));
        byte[][] payloads = new byte[jobs][];
        Arrays.fill(payloads, Contestant.payload());
        try (PreparedStatement insert = connection.prepareStatement(insert())) {
            insert.setArray(1, connection.createArrayOf("uuid", some));
            insert.setArray(2, connection.createArrayOf("bytea", payloads));
            insert.execute();
        }
    }

    private synchronized void submitted(int jobs) {
        submitted += jobs;
        notifyAll();
    }

    @Override
    public synchronized void start() {
        for (int i = 0; i < CLAIMERS; i++) {
            Thread claimer = new Thread(this::claimUntilClosed, "claimer-" + i);
            claimers.add(claimer);
            claimer.start();
        }
    }

    private void claimUntilClosed() {
        try (Connection connection = pool.getConnection()) {
            Batch last = null;
            while (awaitWork(last == null)) {
                Batch next = completeAndClaim(connection, last, BATCH);
                finished(last == null ? 0 : last.ids().size());
                next.ids().forEach(id -> handler.run());
                last = next.ids().isEmpty() ? null : next;
            }
        } catch (SQLException e) {
            failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits, if nothing is held, until something was submitted; false: it is over. */
    private synchronized boolean awaitWork(boolean holdsNothing) throws InterruptedException {
        while (holdsNothing && submitted == finished && !closed) {
            wait();
        }
        return !closed;
    }

    private synchronized void finished(int jobs) {
        finished += jobs;
        notifyAll();
    }

    private synchronized void failed(SQLException e) {
        failed = e;
        notifyAll();
    }

    @Override
    public synchronized void awaitFinished() throws SQLException, InterruptedException {
        while (finished < submitted) {
            if (failed != null) {
                throw failed;
            }
            wait();
        }
    }

    /** What a statement that claims returned: lease, id, attempt and payload of each job. */
    static Batch read(ResultSet rows) throws SQLException {
        long lease = 0;
        List<UUID> ids = new ArrayList<>();
        List<Integer> attempts = new ArrayList<>();
        while (rows.next()) {
            lease = rows.getLong(1);
            ids.add(rows.getObject(2, UUID.class));
            attempts.add(rows.getInt(3));
            rows.getBytes(4);
        }
        return new Batch(lease, ids, attempts);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            for (Thread claimer : claimers) {
                claimer.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        pool.close();
    }
}
