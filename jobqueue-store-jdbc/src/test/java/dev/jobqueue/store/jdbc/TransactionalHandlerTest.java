package dev.jobqueue.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.doNothing;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.when;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.NonRetryableException;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Handlers whose writes and their job's end are one commit. */
class TransactionalHandlerTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final HikariDataSource pool = PostgresServer.pool(8, "transactional");
    private PostgresJobStore store;

    @BeforeEach
    void setUp() {
        PostgresServer.clear("transactional");
        PostgresServer.sql("drop table if exists invoices");
        PostgresServer.sql("create table invoices (number text)");
        store = PostgresJobStore.open(pool, options -> options.withSchema("transactional"));
    }

    @AfterEach
    void tearDown() {
        store.close();
        pool.close();
    }

    private static void insertInvoice(Connection connection, String number) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into invoices values (?)")) {
            insert.setString(1, number);
            insert.executeUpdate();
        }
    }

    private static List<String> invoices() {
        return PostgresServer.sql("select number from invoices order by 1");
    }

    /** Runs one job to its end. */
    private JobInfo ran(TransactionalHandler handler) throws InterruptedException {
        try (JobQueue queue = JobQueue.builder()
                .store(store)
                .nodeName("one")
                .retry(policy -> policy.withFirstDelay(Duration.ofMillis(1)))
                .handler("invoice", store.transactional(handler))
                .build()) {
            queue.start();
            JobId id = queue.submit(JobRequest.of("invoice", "4711")).id();
            assertTrue(queue.awaitIdle(LONG));
            return queue.find(id).orElseThrow().info();
        }
    }

    @Test
    void commitsWhatItWroteAndItsJobsEndAtOnce() throws InterruptedException {
        // when
        JobInfo job = ran((context, connection) -> {
            assertEquals(Connection.TRANSACTION_READ_COMMITTED, connection.getTransactionIsolation());
            insertInvoice(connection, context.text());
        });
        // then
        assertEquals(JobStatus.COMPLETED, job.status());
        assertEquals(1, job.attempt());
        assertEquals(List.of("4711"), invoices());
    }

    @Test
    void writesOnceHoweverOftenItIsRun() throws InterruptedException {
        // when
        JobInfo job = ran((context, connection) -> {
            insertInvoice(connection, context.text() + " at " + context.attempt());
            if (context.attempt() < 3) {
                throw new IllegalStateException("as this handler was told to");
            }
        });
        // then
        assertEquals(JobStatus.COMPLETED, job.status());
        assertEquals(List.of("4711 at 3"), invoices());
    }

    @Test
    void commitsNothingOfAnAttemptThatHasEnded() throws InterruptedException {
        // when
        JobInfo job = ran((context, connection) -> {
            insertInvoice(connection, context.text());
            assertTrue(context.client().cancel(context.id()));
        });
        // then
        assertEquals(JobStatus.CANCELLED, job.status());
        assertEquals(List.of(), invoices());
    }

    @Test
    void failsTheJobWhenTheCommitFails() throws InterruptedException {
        // given
        PostgresServer.sql("alter table invoices add constraint one unique (number) deferrable initially deferred");
        // when
        JobInfo job = ran((context, connection) -> {
            insertInvoice(connection, context.text());
            if (context.attempt() == 1) {
                insertInvoice(connection, context.text());
            }
        });
        // then
        assertEquals(JobStatus.COMPLETED, job.status());
        assertEquals(2, job.attempt());
        assertEquals(List.of("4711"), invoices());
    }

    @Test
    void refusesToCompleteAJobThatIsToRunAgain() throws InterruptedException {
        // when
        JobInfo job = ran((context, connection) -> {
            if (context.attempt() == 2) {
                throw new NonRetryableException("that is enough");
            }
            insertInvoice(connection, context.text());
            context.snooze(Duration.ofMinutes(1));
        });
        // then
        assertEquals(JobStatus.FAILED, job.status());
        assertEquals(2, job.failures());
        assertEquals(List.of(), invoices());
    }

    @Test
    void givesTheConnectionBackAsItWas() throws Exception {
        // given: a pool that sets nothing back
        try (Connection connection = PostgresServer.unpooled().getConnection()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            Connection kept = spy(connection);
            doNothing().when(kept).close();
            DataSource source = mock();
            when(source.getConnection()).thenReturn(kept);
            Database database = new Database(source, "kept", new PostgresDialect(), LONG);
            // when
            database.commit(own -> insertInvoice(own, "kept"));
            assertThrows(
                    IllegalStateException.class,
                    () -> database.commit(own -> {
                        insertInvoice(own, "lost");
                        throw new IllegalStateException("as this work was told to");
                    }));
            // then
            assertTrue(connection.getAutoCommit());
            assertEquals(Connection.TRANSACTION_SERIALIZABLE, connection.getTransactionIsolation());
            assertEquals(List.of("kept"), invoices());
        }
    }
}
