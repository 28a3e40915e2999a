package dev.jobqueue.examples.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jobqueue.JobClient;
import dev.jobqueue.JobHandler;
import dev.jobqueue.JobQueue;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.jdbc.PostgresJobStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrdersTest {
    private static EmbeddedPostgres server;
    private DataSource database;

    @BeforeAll
    static void startServer() throws Exception {
        server = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @BeforeEach
    void emptyDatabase() throws SQLException {
        database = server.getPostgresDatabase();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("drop schema if exists jobqueue cascade");
            statement.execute("drop table if exists orders, invoices");
        }
    }

    private String found(Orders orders) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return orders.toString(connection);
        }
    }

    @Test
    void writesAnInvoiceForEachOrder() throws Exception {
        assertEquals("10 orders, 10 invoices", OrdersQueue.run(database));
    }

    @Test
    void makesNoJobForAnOrderThatIsNotTaken() throws Exception {
        // given
        try (PostgresJobStore store = PostgresJobStore.open(database)) {
            Orders orders = new Orders(database, store);
            JobClient client = JobClient.over(store);
            orders.take(client, "4711", 100);
            // when
            assertThrows(SQLException.class, () -> orders.take(client, "4711", 200));
            // then
            assertEquals(1, client.counts(JobStatus.PENDING).get(0).jobs());
        }
    }

    /** The job is run again, and is not COMPLETED without its invoice, nor the invoice written without that. */
    @Test
    void writesAnInvoiceOnceThoughItsFirstCommitFails() throws Exception {
        // given
        try (PostgresJobStore store = PostgresJobStore.open(database)) {
            Orders orders = new Orders(database, store);
            JobHandler invoice = store.transactional(orders::invoice);
            try (JobQueue queue = JobQueue.builder()
                    .store(store)
                    .nodeName("orders")
                    .retry(retry -> retry.withFirstDelay(Duration.ofMillis(1)))
                    .handler("invoice", job -> {
                        invoice.handle(job);
                        if (job.attempt() == 1) {
                            throw new SQLException("the commit's answer was lost");
                        }
                    })
                    .build()) {
                queue.start();
                // when
                orders.take(queue, "4711", 100);
                queue.awaitIdle(Duration.ofMinutes(1));
                // then
                assertEquals("1 orders, 1 invoices", found(orders));
                assertEquals(1, queue.counts(JobStatus.COMPLETED).get(0).jobs());
            }
        }
    }
}
