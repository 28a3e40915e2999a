package dev.jobqueue.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
import org.mariadb.jdbc.MariaDbDataSource;

class MariaDbOpeningTest {
    private static final String FILE = "dev/jobqueue/store/jdbc/mariadb/V1__jobs.sql";

    @BeforeEach
    @AfterEach
    void drop() {
        MariaDbTestServer.sql("drop database if exists opening");
    }

    private static MariaDbJobStore open(UnaryOperator<DatabaseOptions> with) {
        return MariaDbJobStore.open(MariaDbTestServer.source(), options -> with.apply(options.withSchema("opening")));
    }

    private static String refusal(UnaryOperator<DatabaseOptions> with) {
        return assertThrows(StoreException.class, () -> open(with)).getMessage();
    }

    private static List<String> tables() {
        return MariaDbTestServer.sql(
                "select table_name from information_schema.tables where table_schema = 'opening' order by 1");
    }

    private static String script(String schema, String prefix) throws Exception {
        try (var file = MariaDbOpeningTest.class.getResourceAsStream("/" + FILE)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("${schema}", schema)
                    .replace("${prefix}", prefix);
        }
    }

    private static void run(String script) {
        MariaDbTestServer.sql(script.replaceAll("--[^\n]*", "").strip().split(";", 0));
    }

    @Test
    void createsSchemaAndTables() {
        open(options -> options).close();
        assertEquals(List.of("finished", "job", "kind", "later", "lease", "node", "ready", "schema"), tables());
        assertEquals(
                List.of("1 V1__jobs.sql"),
                MariaDbTestServer.sql("select concat(version, ' ', script) from opening.schema"));
    }

    @Test
    void opensWhatIsThere() {
        // given
        try (MariaDbJobStore store = open(options -> options)) {
            store.insert(TestJobs.jobs(3));
        }
        // then
        try (MariaDbJobStore store = open(options -> options.withMigration(Migration.VALIDATE))) {
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
        List<Future<MariaDbJobStore>> stores = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            stores.add(threads.submit(() -> {
                start.await();
                return open(options -> options);
            }));
        }
        // when
        start.countDown();
        for (Future<MariaDbJobStore> store : stores) {
            store.get().close();
        }
        threads.shutdown();
        // then
        assertEquals(List.of("1"), MariaDbTestServer.sql("select count(*) from opening.schema"));
    }

    /** MariaDB commits each table for itself, so whoever made them may have been killed in between. */
    @Test
    void goesOnWhereTheMakingOfTablesWasBrokenOff() throws Exception {
        // given
        String script = script("opening", "");
        MariaDbTestServer.sql("create database opening");
        run(script.substring(0, script.indexOf("-- PENDING and due")));
        // then
        String lacking = refusal(options -> options.withMigration(Migration.VALIDATE));
        assertTrue(lacking.contains(FILE), lacking);
        try (MariaDbJobStore store = open(options -> options)) {
            store.insert(TestJobs.jobs(1));
        }
    }

    @Test
    void namesTheFileThatIsMissing() {
        assertEquals(
                "store mariadb opening lacks " + FILE + " of its schema; run them in this order, from the jar"
                        + " jobqueue-store-jdbc, or open the store with Migration.CREATE",
                refusal(options -> options.withMigration(Migration.VALIDATE)));
        assertEquals(List.of(), tables());
    }

    @Test
    void takesTablesThatAnotherToolMade() throws Exception {
        // given
        MariaDbTestServer.sql("create database opening");
        run(script("opening", "jq_"));
        // then
        try (MariaDbJobStore store =
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
        MariaDbTestServer.sql("insert into opening.schema values (7, 'V7__later.sql', 0)");
        // then
        assertEquals(
                "store mariadb opening has version 7 of its tables, but this library knows versions up to 1; use a"
                        + " newer jobqueue-store-jdbc, or open another schema",
                refusal(options -> options.withMigration(migration)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CREATE", "VALIDATE"})
    void refusesTablesOfSomethingElseAndLeavesThem(Migration migration) {
        // given
        MariaDbTestServer.sql("create database opening", "create table opening.job (name text)");
        // then
        assertEquals(
                "store mariadb opening cannot be opened: the schema has a table job of something else; choose another"
                        + " schema or table prefix",
                refusal(options -> options.withMigration(migration)));
        assertEquals(List.of("job"), tables());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "back`tick",
                "`; drop database mysql; --",
                "it's \"so\"",
                "a.b",
                "$$",
                "{job}",
                "${prefix}",
                "back\\slash",
                "?",
                "\u00FC\u6F22"
            })
    void takesAnyNameForAName(String name) {
        // given
        String quoted = new Names("", '`', DatabaseOptions.defaults()).quoted(name);
        MariaDbTestServer.sql("drop database if exists " + quoted);
        // when
        try (MariaDbJobStore store = MariaDbJobStore.open(
                MariaDbTestServer.source(), options -> options.withSchema(name).withTablePrefix(name))) {
            // then
            store.insert(TestJobs.jobs(2));
            assertEquals(
                    2, TestJobs.join(store).claim(TestJobs.claiming(5)).jobs().size());
        }
        MariaDbTestServer.sql("drop database " + quoted);
    }

    @Test
    void refusesMySqlAndOldServers() {
        Optional<String> mySql = fault("8.4.3", "", 64);
        assertTrue(mySql.orElseThrow().contains("not MariaDB but 8.4.3; MySQL lacks what"), mySql::toString);
        assertEquals(
                Optional.of("its server is MariaDB 10.5.27-MariaDB; use 10.6 or newer"),
                fault("10.5.27-MariaDB", "", 64));
        assertEquals(Optional.empty(), fault("10.6.0-MariaDB", "STRICT_TRANS_TABLES", 4));
        assertEquals(Optional.empty(), fault("11.4.5-MariaDB-log", "", 64));
        assertEquals(Optional.empty(), fault("12.0.1-MariaDB", "", 64));
    }

    /** All that the store writes would fail there, at READ COMMITTED. */
    @Test
    void refusesABinaryLogOfStatements() {
        MariaDbServer server = new MariaDbServer("11.4.5-MariaDB", "", 64 * 1024 * 1024, true, true);
        assertTrue(server.fault().orElseThrow().contains("binlog_format=STATEMENT; set it to MIXED"));
    }

    @Test
    void refusesSettingsWithWhichItCannotWork() {
        assertTrue(fault("11.4.5-MariaDB", "PIPES_AS_CONCAT,ORACLE", 64)
                .orElseThrow()
                .contains("sql_mode=PIPES_AS_CONCAT,ORACLE"));
        assertTrue(fault("11.4.5-MariaDB", "", 1).orElseThrow().contains("max_allowed_packet is 1048576 bytes"));
    }

    private static Optional<String> fault(String version, String mode, int packetMib) {
        return new MariaDbServer(version, mode, packetMib * 1024 * 1024, true, false).fault();
    }

    @Test
    void takesPayloadsThatAPacketHolds() {
        assertEquals(16 * 1024 * 1024, server(64).maxPayload());
        assertEquals(7 * 1024 * 1024, server(16).maxPayload());
        assertEquals(1024 * 1024, server(4).maxPayload());
    }

    private static MariaDbServer server(int packetMib) {
        return new MariaDbServer("11.4.5-MariaDB", "", packetMib * 1024 * 1024, true, false);
    }

    @Test
    void saysThatTheDatabaseIsNotThere() throws SQLException {
        // given
        MariaDbDataSource nowhere = new MariaDbDataSource("jdbc:mariadb://127.0.0.1:1/");
        // then
        String refusal = assertThrows(StoreException.class, () -> MariaDbJobStore.open(nowhere))
                .getMessage();
        assertTrue(
                refusal.startsWith("store mariadb jobqueue cannot be opened: the connection was lost or never made ("),
                refusal);
    }

    @Test
    void saysWhichRightItsUserLacks() throws SQLException {
        // given
        MariaDbTestServer.sql("create or replace user guest@localhost identified by 'guest'");
        // then
        String refusal = assertThrows(
                        StoreException.class,
                        () -> MariaDbJobStore.open(
                                MariaDbTestServer.as("guest"), options -> options.withSchema("opening")))
                .getMessage();
        assertTrue(refusal.startsWith("store mariadb opening cannot be opened: its user lacks a right ("), refusal);
    }

    /** To a user without rights there the catalogue shows no tables: that they are missing would be wrong. */
    @Test
    void saysThatItsUserMayNotReadTheTables() {
        // given
        open(options -> options).close();
        MariaDbTestServer.sql("create or replace user guest@localhost identified by 'guest'");
        // then
        String refusal = assertThrows(
                        StoreException.class,
                        () -> MariaDbJobStore.open(
                                MariaDbTestServer.as("guest"),
                                options -> options.withSchema("opening").withMigration(Migration.VALIDATE)))
                .getMessage();
        assertTrue(refusal.startsWith("store mariadb opening cannot be opened: its user lacks a right ("), refusal);
    }

    /** What the guide says a user needs who is to create the tables, the schema among them. */
    @Test
    void makesItsTablesForAUserThatMayCreateThem() {
        // given
        MariaDbTestServer.sql(
                "create or replace user maker@localhost identified by 'maker'",
                "grant create, select, insert, update, delete on opening.* to maker@localhost");
        // when
        try (MariaDbJobStore store =
                MariaDbJobStore.open(MariaDbTestServer.as("maker"), options -> options.withSchema("opening"))) {
            // then
            assertEquals(1, store.insert(TestJobs.jobs(1)).size());
        }
    }

    /** What the guide says a user needs who may not create tables. */
    @Test
    void worksForAUserThatMayOnlyReadAndWrite() throws SQLException {
        // given
        open(options -> options).close();
        MariaDbTestServer.sql(
                "create or replace user worker@localhost identified by 'worker'",
                "grant select, insert, update, delete on opening.* to worker@localhost");
        // when
        try (MariaDbJobStore store = MariaDbJobStore.open(
                MariaDbTestServer.as("worker"),
                options -> options.withSchema("opening").withMigration(Migration.VALIDATE))) {
            store.insert(TestJobs.jobs(1));
            assertEquals(
                    1, TestJobs.join(store).claim(TestJobs.claiming(1)).jobs().size());
        }
    }

    @Test
    void isSharedAndDurableIfTheServerIs() {
        try (MariaDbJobStore store = open(options -> options)) {
            assertTrue(store.traits().durable());
            assertTrue(store.traits().shared());
            assertEquals("mariadb opening", store.traits().name());
        }
        MariaDbTestServer.sql("set global innodb_flush_log_at_trx_commit = 2");
        try (MariaDbJobStore store = open(options -> options)) {
            assertFalse(store.traits().durable());
        } finally {
            MariaDbTestServer.sql("set global innodb_flush_log_at_trx_commit = 1");
        }
    }
}
