package dev.jobqueue.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What a call says and leaves when the database fails it. */
class SqliteConnectionTest {
    @TempDir
    Path dir;

    private final AtomicInteger connects = new AtomicInteger();
    private FailingCommit failing = FailingCommit.NOT;
    private SqliteConnection connection;

    private enum FailingCommit {
        NOT,
        BUSY,
        BEFORE_IT_IS_DONE,
        AFTER_IT_IS_DONE
    }

    @BeforeEach
    void setUp() {
        connection = new SqliteConnection("jobs.db", this::connect);
        connection.write("set up", sql -> sql.update("create table t (n integer primary key)", none -> {}));
    }

    @AfterEach
    void tearDown() {
        connection.close();
    }

    private Connection connect() throws SQLException {
        connects.incrementAndGet();
        Connection real = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("jobs.db"));
        Connection misbehaving = mock(Connection.class, delegatesTo(real));
        doAnswer(call -> {
                    PreparedStatement statement = real.prepareStatement(call.getArgument(0));
                    return call.getArgument(0).equals("commit") ? misbehaving(statement) : statement;
                })
                .when(misbehaving)
                .prepareStatement(anyString());
        return misbehaving;
    }

    private PreparedStatement misbehaving(PreparedStatement commit) throws SQLException {
        PreparedStatement misbehaving = mock(PreparedStatement.class, delegatesTo(commit));
        doAnswer(call -> {
                    FailingCommit how = failing;
                    failing = FailingCommit.NOT;
                    switch (how) {
                        case NOT -> {
                            return commit.executeUpdate();
                        }
                        case BUSY -> throw new SQLiteException("not now", SQLiteErrorCode.SQLITE_BUSY);
                        case BEFORE_IT_IS_DONE -> throw new SQLiteException("oh", SQLiteErrorCode.SQLITE_IOERR_FSYNC);
                        case AFTER_IT_IS_DONE -> {
                            commit.executeUpdate();
                            throw new SQLiteException("oh", SQLiteErrorCode.SQLITE_IOERR_FSYNC);
                        }
                    }
                    return 0;
                })
                .when(misbehaving)
                .executeUpdate();
        return misbehaving;
    }

    private int insert(int n) {
        return connection.write("insert", sql -> sql.update("insert into t values (?)", row -> row.number(n)));
    }

    private long rows() {
        return connection.read(
                "count",
                sql -> sql.queryOne("select count(*) from t", none -> {}, row -> row.getLong(1))
                        .orElseThrow());
    }

    @Test
    void saysThatNothingWasDoneWhenAStatementFails() {
        // given
        insert(1);
        // when
        StoreException failure = assertThrows(
                StoreException.class,
                () -> connection.write("insert", sql -> {
                    sql.update("insert into t values (2)", none -> {});
                    return sql.update("insert into t values (1)", none -> {});
                }));
        // then
        assertFalse(failure instanceof OutcomeUnknownException);
        assertTrue(failure.getMessage().startsWith("store jobs.db cannot insert: "), failure.getMessage());
        assertEquals(1, rows());
        insert(3);
        assertEquals(2, rows());
        assertEquals(1, connects.get());
    }

    @Test
    void leavesNothingWhenTheCallItselfFails() {
        RuntimeException fault = new IllegalArgumentException("fault");
        assertSame(
                fault,
                assertThrows(
                        RuntimeException.class,
                        () -> connection.write("insert", sql -> {
                            sql.update("insert into t values (2)", none -> {});
                            throw fault;
                        })));
        assertEquals(0, rows());
    }

    @Test
    void saysThatNothingWasDoneWhenItWasNotTheTimeToCommit() {
        failing = FailingCommit.BUSY;
        StoreException failure = assertThrows(StoreException.class, () -> insert(1));
        assertFalse(failure instanceof OutcomeUnknownException);
        assertEquals(0, rows());
        assertEquals(1, connects.get());
    }

    @Test
    void doesNotKnowWhatACommitThatFailedHasDone() {
        failing = FailingCommit.BEFORE_IT_IS_DONE;
        OutcomeUnknownException failure = assertThrows(OutcomeUnknownException.class, () -> insert(1));
        assertEquals(
                "store jobs.db may or may not have done its insert: its disk can't be read or written; see the disk and"
                        + " the system's log (oh)",
                failure.getMessage());
        assertEquals(0, rows());
    }

    @Test
    void goesOnWithANewConnectionAfterACommitThatWasDoneAndFailed() {
        failing = FailingCommit.AFTER_IT_IS_DONE;
        assertThrows(OutcomeUnknownException.class, () -> insert(1));
        assertEquals(1, rows());
        insert(2);
        assertEquals(2, rows());
        assertEquals(2, connects.get());
    }

    @Test
    void saysWhatToDoWhenTheDiskIsFull() {
        // given
        connection.read("limit", sql -> sql.query("pragma max_page_count = 2", none -> {}, row -> row.getInt(1)));
        // when
        StoreException failure = assertThrows(
                StoreException.class,
                () -> connection.write("insert", sql -> {
                    for (int n = 0; n < 10_000; n++) {
                        int number = n;
                        sql.update("insert into t values (?)", row -> row.number(number));
                    }
                    return 0;
                }));
        // then
        assertTrue(
                failure.getMessage()
                        .startsWith("store jobs.db cannot insert: its disk is full; free some space ([SQLITE_FULL]"),
                failure.getMessage());
        assertEquals(0, rows());
        insert(1);
    }

    @Test
    void waitsABoundedTimeForAnotherProgram() throws SQLException {
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("jobs.db"));
                Statement statement = other.createStatement()) {
            // given
            statement.execute("begin immediate");
            // when
            StoreException failure = assertThrows(StoreException.class, () -> insert(1));
            // then
            assertTrue(
                    failure.getMessage()
                            .startsWith("store jobs.db cannot insert: another program holds the file's lock"),
                    failure.getMessage());
            assertEquals(0, rows());
            statement.execute("rollback");
        }
        insert(1);
    }

    @Test
    void waitsABoundedTimeForItsTurnAndKeepsTheInterrupt() throws InterruptedException {
        // given
        CountDownLatch inTurn = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Thread other = new Thread(() -> connection.read("read", sql -> {
            inTurn.countDown();
            try {
                return go.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                return false;
            }
        }));
        other.start();
        assertTrue(inTurn.await(30, TimeUnit.SECONDS));
        // when
        Thread.currentThread().interrupt();
        StoreException failure = assertThrows(StoreException.class, () -> insert(1));
        // then
        assertTrue(Thread.interrupted());
        assertEquals(
                "store jobs.db cannot insert: its turn did not come within PT3S, so much was under way; try again",
                failure.getMessage());
        go.countDown();
        other.join();
        insert(1);
    }
}
