package dev.jobqueue.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.ConfigurationException;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.testkit.MovableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

class PostgresOpeningTest {
    private static final String FILE = "dev/jobqueue/store/jdbc/postgres/V1__jobs.sql";

    @BeforeEach
    @AfterEach
    void drop() {
        PostgresServer.sql("drop schema if exists opening cascade");
    }

    private static PostgresJobStore open(UnaryOperator<DatabaseOptions> with) {
        return PostgresJobStore.open(PostgresServer.source(), options -> with.apply(options.withSchema("opening")));
    }

    private static String refusal(UnaryOperator<DatabaseOptions> with) {
        return assertThrows(StoreException.class, () -> open(with)).getMessage();
    }

    private static List<String> tables() {
        return PostgresServer.sql("select tablename from pg_tables where schemaname = 'opening' order by 1");
    }

    private static void runScript(String schema, String prefix) throws Exception {
        try (var file = PostgresOpeningTest.class.getResourceAsStream("/" + FILE)) {
            PostgresServer.sql(new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("${schema}", schema)
                    .replace("${prefix}", prefix));
        }
    }

    @Test
    void createsSchemaAndTables() {
        open(options -> options).close();
        assertEquals(List.of("finished", "job", "kind", "later", "lease", "node", "ready", "schema"), tables());
        assertEquals(
                List.of("1 V1__jobs.sql"), PostgresServer.sql("select version || ' ' || script from opening.schema"));
    }

    @Test
    void opensWhatIsThere() {
        // given
        try (PostgresJobStore store = open(options -> options)) {
            store.insert(TestJobs.jobs(3));
        }
        // then
        try (PostgresJobStore store = open(options -> options.withMigration(Migration.VALIDATE))) {
            assertEquals(
                    TestJobs.jobs(1).get(0),
                    store.find(TestJobs.jobs(1).get(0).id()).orElseThrow());
        }
    }

    @Test
    void createsTablesOnceThoughManyOpenAtOnce() throws Exception {
        // given
        ExecutorService threads = Executors.newFixedThreadPool(8);
        CountDownLatch start = new CountDownLatch(1);
        List<Future<PostgresJobStore>> stores = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            stores.add(threads.submit(() -> {
                start.await();
                return open(options -> options);
            }));
        }
        // when
        start.countDown();
        for (Future<PostgresJobStore> store : stores) {
            store.get().close();
        }
        threads.shutdown();
        // then
        assertEquals(List.of("1"), PostgresServer.sql("select count(*) from opening.schema"));
    }

    @Test
    void namesTheFileThatIsMissing() {
        assertEquals(
                "store postgresql opening lacks " + FILE + " of its schema; run them in this order, from the jar"
                        + " jobqueue-store-jdbc, or open the store with Migration.CREATE",
                refusal(options -> options.withMigration(Migration.VALIDATE)));
        assertEquals(List.of(), tables());
    }

    @Test
    void takesTablesThatAnotherToolMade() throws Exception {
        // given
        PostgresServer.sql("create schema opening");
        runScript("opening", "jq_");
        // then
        try (PostgresJobStore store =
                open(options -> options.withTablePrefix("jq_").withMigration(Migration.VALIDATE))) {
            store.insert(TestJobs.jobs(2));
            assertEquals(
                    2, TestJobs.join(store).claim(TestJobs.claiming(5)).jobs().size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CREATE", "VALIDATE"})
    void refusesANewerVersion(Migration migration) {
        // given
        open(options -> options).close();
        PostgresServer.sql("insert into opening.schema values (7, 'V7__later.sql', 0)");
        // then
        assertEquals(
                "store postgresql opening has version 7 of its tables, but this library knows versions up to 1; use a"
                        + " newer jobqueue-store-jdbc, or open another schema",
                refusal(options -> options.withMigration(migration)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CREATE", "VALIDATE"})
    void refusesTablesOfSomethingElseAndLeavesThem(Migration migration) {
        // given
        PostgresServer.sql("create schema opening", "create table opening.job (name text)");
        // then
        assertEquals(
                "store postgresql opening cannot be opened: the schema has a table job of something else; choose another"
                        + " schema or table prefix",
                refusal(options -> options.withMigration(migration)));
        assertEquals(List.of("job"), tables());
    }

    @Test
    void refusesATableOfVersionsThatIsNone() {
        // given
        PostgresServer.sql("create schema opening", "create table opening.schema (name text)");
        // then
        String refusal = refusal(options -> options);
        assertTrue(
                refusal.startsWith("store postgresql opening cannot be opened: its tables are not as they should be"),
                refusal);
        assertEquals(List.of("schema"), tables());
    }

    @Test
    void isApartFromAStoreWithAnotherPrefix() {
        try (PostgresJobStore one = open(options -> options.withTablePrefix("one_"));
                PostgresJobStore two = open(options -> options.withTablePrefix("two_"))) {
            one.insert(TestJobs.jobs(1));
            assertTrue(two.find(TestJobs.jobs(1).get(0).id()).isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upper Case",
                "select",
                "quote\"d",
                "\"; drop schema public cascade; --",
                "it's",
                "a.b",
                "$$",
                "{job}",
                "${prefix}",
                "back\\slash",
                "?",
                "\u00FC\u6F22\uD83D\uDE80"
            })
    void takesAnyNameForAName(String name) {
        // given
        PostgresServer.sql("drop schema if exists " + quoted(name) + " cascade");
        String prefix = name.replace("drop schema public cascade", "");
        // when
        try (PostgresJobStore store = PostgresJobStore.open(
                PostgresServer.source(), options -> options.withSchema(name).withTablePrefix(prefix))) {
            // then
            store.insert(TestJobs.jobs(2));
            assertEquals(
                    2, TestJobs.join(store).claim(TestJobs.claiming(5)).jobs().size());
        }
        PostgresServer.sql("drop schema " + quoted(name) + " cascade");
    }

    private static String quoted(String name) {
        return new Names("", '"', DatabaseOptions.defaults()).quoted(name);
    }

    @Test
    void namesAllFaultsOfTheOptionsAtOnce() {
        ConfigurationException refused = assertThrows(
                ConfigurationException.class,
                () -> PostgresJobStore.open(
                        PostgresServer.source(),
                        options -> options.withSchema("")
                                .withTablePrefix("p".repeat(41))
                                .withCallBound(Duration.ZERO)));
        assertEquals(
                List.of(
                        "database.schema must be 1 to 63 bytes without control characters, but was 0 bytes: \"\"",
                        "database.tablePrefix must be 0 to 40 bytes without control characters, but was 41 bytes: \""
                                + "p".repeat(41) + "\"",
                        "database.callBound must be 100 ms to 10 minutes, but was PT0S"),
                refused.faults());
    }

    @Test
    void refusesControlCharactersInNames() {
        assertThrows(ConfigurationException.class, () -> open(options -> options.withTablePrefix("a\nb")));
        assertThrows(ConfigurationException.class, () -> open(options -> options.withTablePrefix("a\0b")));
    }

    @Test
    void refusesADatabaseThatCannotKeepEveryText() {
        // given
        PostgresServer.sql("drop database if exists latin");
        PostgresServer.sql("create database latin encoding 'LATIN1' locale 'C' template template0");
        PGSimpleDataSource latin = (PGSimpleDataSource) PostgresServer.unpooled();
        latin.setDatabaseName("latin");
        // then
        String refusal = assertThrows(StoreException.class, () -> PostgresJobStore.open(latin))
                .getMessage();
        assertEquals(
                "store postgresql jobqueue cannot be opened: its database has the encoding LATIN1, in which not every"
                        + " text can be kept; create one with the encoding UTF8",
                refusal);
    }

    @Test
    void saysThatTheDatabaseIsNotThere() {
        // given
        PGSimpleDataSource nowhere = (PGSimpleDataSource) PostgresServer.unpooled();
        nowhere.setPortNumbers(new int[] {1});
        // then
        String refusal = assertThrows(StoreException.class, () -> PostgresJobStore.open(nowhere))
                .getMessage();
        assertTrue(
                refusal.startsWith(
                        "store postgresql jobqueue cannot be opened: the connection was lost or never made ("),
                refusal);
    }

    @Test
    void saysWhichRightItsUserLacks() {
        // given
        PostgresServer.sql("drop role if exists guest", "create role guest login");
        PGSimpleDataSource guest = (PGSimpleDataSource) PostgresServer.unpooled();
        guest.setUser("guest");
        // then
        String refusal = assertThrows(
                        StoreException.class,
                        () -> PostgresJobStore.open(guest, options -> options.withSchema("opening")))
                .getMessage();
        assertTrue(refusal.startsWith("store postgresql opening cannot be opened: its user lacks a right ("), refusal);
    }

    /** What the guide says a user needs who may not create tables. */
    @Test
    void worksForAUserThatMayOnlyReadAndWrite() {
        // given
        open(options -> options).close();
        PostgresServer.sql("drop role if exists worker", "create role worker login");
        PostgresServer.sql(
                "grant usage on schema opening to worker",
                "grant select, insert, update, delete on all tables in schema opening to worker");
        PGSimpleDataSource worker = (PGSimpleDataSource) PostgresServer.unpooled();
        worker.setUser("worker");
        // when
        try (PostgresJobStore store = PostgresJobStore.open(
                worker, options -> options.withSchema("opening").withMigration(Migration.VALIDATE))) {
            store.insert(TestJobs.jobs(1));
            assertEquals(
                    1, TestJobs.join(store).claim(TestJobs.claiming(1)).jobs().size());
        }
        PostgresServer.sql("drop owned by worker", "drop role worker");
    }

    @Test
    void isDurableAndShared() {
        try (PostgresJobStore store = open(options -> options.withClock(new MovableClock()))) {
            assertTrue(store.traits().durable());
            assertTrue(store.traits().shared());
            assertEquals("postgresql opening", store.traits().name());
            assertFalse(store.traits().maxBatch() < 1_000);
        }
    }
}
