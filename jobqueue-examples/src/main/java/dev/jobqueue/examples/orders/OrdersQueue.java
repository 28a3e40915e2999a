package dev.jobqueue.examples.orders;

import dev.jobqueue.JobQueue;
import dev.jobqueue.store.jdbc.PostgresJobStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Takes ten orders, and writes their invoices: {@code jobqueue-examples/run orders jdbc:postgresql://...}. */
public final class OrdersQueue {
    private OrdersQueue() {}

    /** The arguments: the database's URL, with user and password if it wants them. */
    public static void main(String[] arguments) throws SQLException, InterruptedException {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setURL(arguments[0]);
        System.out.println(run(database));
    }

    static String run(DataSource database) throws SQLException, InterruptedException {
        try (PostgresJobStore store = PostgresJobStore.open(database)) {
            Orders orders = new Orders(database, store);
            try (JobQueue queue = JobQueue.builder()
                    .store(store)
                    .nodeName("orders")
                    .handler("invoice", store.transactional(orders::invoice))
                    .build()) {
                queue.start();
                for (int i = 0; i < 10; i++) {
                    orders.take(queue, UUID.randomUUID().toString(), 100 + i);
                }
                queue.awaitIdle(Duration.ofMinutes(1));
            }
            try (Connection connection = database.getConnection()) {
                return orders.toString(connection);
            }
        }
    }
}
