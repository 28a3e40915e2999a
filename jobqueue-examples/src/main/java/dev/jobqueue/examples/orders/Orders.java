package dev.jobqueue.examples.orders;

import dev.jobqueue.JobClient;
import dev.jobqueue.JobContext;
import dev.jobqueue.JobRequest;
import dev.jobqueue.store.jdbc.PostgresJobStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/**
 * Orders and their invoices, in the same PostgreSQL database as the jobs: an order and its job are one commit, and so are an
 * invoice and its job's end.
 */
public final class Orders {
    private final DataSource database;
    private final PostgresJobStore store;

    /** Makes the tables if they are not there. */
    public Orders(DataSource database, PostgresJobStore store) throws SQLException {
        this.database = database;
        this.store = store;
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table if not exists orders (id text primary key, amount int not null)");
            statement.execute("create table if not exists invoices (order_id text primary key, amount int not null)");
        }
    }

    /** Takes an order. The job exists if and only if the order does. */
    public void take(JobClient client, String order, int amount) throws SQLException {
        inTransaction(connection -> {
            try (PreparedStatement insert = connection.prepareStatement("insert into orders values (?, ?)")) {
                insert.setString(1, order);
                insert.setInt(2, amount);
                insert.executeUpdate();
            }
            client.submitWithin(store.within(connection), List.of(JobRequest.of("invoice", order)));
        });
    }

    /** Handles an invoice's job, in the transaction that completes it: written once, however often the job is run. */
    public void invoice(JobContext job, Connection connection) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into invoices select id, amount from orders where id = ?")) {
            insert.setString(1, job.text());
            insert.executeUpdate();
        }
    }

    /** How many there are of both. */
    public String toString(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet counts = statement.executeQuery(
                        "select (select count(*) from orders), (select count(*) from invoices)")) {
            counts.next();
            return counts.getInt(1) + " orders, " + counts.getInt(2) + " invoices";
        }
    }

    private interface Work {
        void run(Connection connection) throws SQLException;
    }

    private void inTransaction(Work work) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            try {
                work.run(connection);
                connection.commit();
            } catch (Throwable e) {
                connection.rollback();
                throw e;
            }
        }
    }
}
