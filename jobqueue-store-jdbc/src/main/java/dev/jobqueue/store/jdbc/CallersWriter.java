package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Job;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JobWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The two writes inside a transaction that the caller began, and will commit. Its settings stay as they are. */
final class CallersWriter implements JobWriter {
    private final DatabaseJobStore store;
    private final Writer writer;
    private final Transaction transaction;

    private final Writer.Steps steps = new Writer.Steps() {
        @Override
        public <T> T write(String call, Transaction.Work<T> work) {
            try {
                return work.run(transaction);
            } catch (SQLException e) { // the caller can't commit any more, whatever went wrong
                throw store.database().notDone(call, e);
            }
        }

        @Override
        public <T> T read(String call, Transaction.Work<T> work) {
            return write(call, work);
        }
    };

    CallersWriter(DatabaseJobStore store, Writer writer, Connection connection) {
        this.store = store;
        this.writer = writer;
        this.transaction = store.database().callers(connection);
    }

    /**
     * Refuses what is no transaction, or one in which a job that another one moved may not be seen.
     *
     * @throws IllegalArgumentException if it is
     */
    static void check(Connection connection) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalArgumentException("a caller's transaction needs a connection with auto-commit off");
        }
        if (connection.getTransactionIsolation() != Connection.TRANSACTION_READ_COMMITTED) {
            throw new IllegalArgumentException("a caller's transaction must be READ COMMITTED ("
                    + Connection.TRANSACTION_READ_COMMITTED + " in JDBC), but was "
                    + connection.getTransactionIsolation());
        }
    }

    @Override
    public List<InsertOutcome> insert(List<Job> jobs) {
        store.checkInsert(jobs);
        return writer.insert(steps, jobs, false);
    }

    @Override
    public List<ApplyOutcome> apply(List<Change> changes) {
        store.checkApply(changes);
        return writer.apply(steps, changes);
    }
}
