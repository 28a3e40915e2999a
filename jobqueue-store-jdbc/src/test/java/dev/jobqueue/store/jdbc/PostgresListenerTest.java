package dev.jobqueue.store.jdbc;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.Feature;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.StoreSession;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node hears of jobs that another process made claimable. Two stores are as two processes: they share nothing here. */
class PostgresListenerTest {
    private static final String LISTENERS =
            "from pg_stat_activity where query ilike 'listen%' and application_name = 'listeners'";

    private final Semaphore woken = new Semaphore(0);
    private final HikariDataSource pool = PostgresServer.pool(5, "listeners");
    private PostgresJobStore store;
    private PostgresJobStore other;
    private StoreSession session;

    @BeforeEach
    void setUp() throws InterruptedException {
        PostgresServer.clear("listening");
        store = PostgresJobStore.open(pool, options -> options.withSchema("listening"));
        other = PostgresJobStore.open(PostgresServer.source(), options -> options.withSchema("listening"));
        session = store.join(
                JoinRequest.of(Node.of("sleeper", UUID.randomUUID()), Duration.ofSeconds(6), woken::release));
        assertWoken(); // once, when it has begun to listen
    }

    @AfterEach
    void tearDown() {
        store.close();
        other.close();
        pool.close();
    }

    private void assertWoken() throws InterruptedException {
        assertTrue(woken.tryAcquire(30, SECONDS), "nobody was woken");
    }

    @Test
    void wakesForAnInsertOfAnother() throws InterruptedException {
        other.insert(TestJobs.jobs(3));
        assertWoken();
    }

    @Test
    void wakesForAReleaseOfAnother() throws InterruptedException {
        // given
        other.insert(TestJobs.jobs(1));
        assertWoken();
        StoreSession worker =
                other.join(JoinRequest.of(Node.of("worker", UUID.randomUUID()), Duration.ofSeconds(6), () -> {}));
        JobInfo job = worker.claim(TestJobs.claiming(1)).jobs().get(0).info();
        // when
        other.apply(List.of(Change.release(job, TestJobs.NOW)));
        // then
        assertWoken();
    }

    @Test
    void wakesOnceForABatch() throws InterruptedException {
        // given
        other.insert(TestJobs.jobs(100));
        assertWoken();
        // when
        other.insert(List.of(TestJobs.job("another")));
        assertWoken();
        // then
        assertEquals(0, woken.availablePermits());
    }

    @Test
    void doesNotWakeForResults() throws InterruptedException {
        // given
        other.insert(List.of(TestJobs.job("one")));
        assertWoken();
        JobInfo job = session.claim(TestJobs.claiming(1)).jobs().get(0).info();
        // when
        other.apply(List.of(Change.complete(job, TestJobs.NOW)));
        other.insert(List.of(TestJobs.job("two")));
        assertWoken();
        // then
        assertEquals(0, woken.availablePermits());
    }

    @Test
    void wakesItsOwnNodesAtOnceAndOnce() throws InterruptedException {
        // given
        store.insert(List.of(TestJobs.job("own")));
        assertEquals(1, woken.drainPermits());
        // when
        other.insert(List.of(TestJobs.job("other")));
        assertWoken();
        // then: the notification of the first was passed over
        assertEquals(0, woken.availablePermits());
    }

    @Test
    void takesAnotherConnectionWhenItsOwnIsLost() throws InterruptedException {
        // when
        assertEquals(
                1,
                PostgresServer.sql("select pg_terminate_backend(pid) " + LISTENERS)
                        .size());
        assertWoken(); // for what it may have missed
        // then
        Semaphore heard = new Semaphore(0);
        for (int i = 0; i < 300 && heard.availablePermits() == 0; i++) {
            woken.drainPermits();
            other.insert(List.of(TestJobs.job("job " + i)));
            if (woken.tryAcquire(100, MILLISECONDS)) {
                heard.release();
            }
        }
        assertEquals(1, heard.availablePermits(), "it never listened again");
    }

    @Test
    void goesOnWhateverTheDataSourceThrows() throws Exception {
        // given: some choose among several, and throw what is no SQLException
        DataSource source = mock(DataSource.class);
        when(source.getConnection())
                .thenThrow(new IllegalStateException("none chosen"))
                .thenAnswer(call -> pool.getConnection());
        Semaphore heard = new Semaphore(0);
        // when
        PostgresListener listener = PostgresListener.start(source, "moody", "here", heard::release);
        // then: by its next try, and as it has begun to listen
        boolean listens = heard.tryAcquire(2, 30, SECONDS);
        listener.close();
        assertTrue(listens, "it gave up");
    }

    @Test
    void endsWithItsSession() throws InterruptedException {
        // given
        Thread thread = listener();
        // when
        session.close();
        thread.join(30_000);
        // then
        assertFalse(thread.isAlive(), "the thread lives on");
        other.insert(TestJobs.jobs(1));
        assertEquals(0, woken.availablePermits());
    }

    @Test
    void endsWithItsStore() throws InterruptedException {
        // given
        Thread thread = listener();
        // when
        store.close();
        thread.join(30_000);
        // then
        assertFalse(thread.isAlive(), "the thread lives on");
    }

    @Test
    void leavesNoConnectionBehindThatListens() throws Exception {
        // given
        Thread thread = listener();
        // when
        session.close();
        thread.join(30_000);
        // then
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet channels = statement.executeQuery("select * from pg_listening_channels()")) {
            assertFalse(channels.next());
        }
    }

    @Test
    void givesItsConnectionBackToThePool() {
        // given
        String backend = PostgresServer.sql("select pid " + LISTENERS).get(0);
        // when
        session.close();
        // then: a pool complains of one that was aborted
        assertEquals(
                1,
                PostgresServer.sql("select 1 from pg_stat_activity where pid = " + backend)
                        .size());
        assertEquals(0, pool.getHikariPoolMXBean().getActiveConnections());
    }

    private static Thread listener() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("jobqueue-listen"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void isOfferedToTheQueue() {
        assertTrue(store.traits().features().contains(Feature.WAKE_UP));
    }
}
