package dev.jobqueue.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobqueue.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteOpeningTest {
    @TempDir
    Path dir;

    private String refusal(Path file) {
        return assertThrows(StoreException.class, () -> SqliteJobStore.open(file))
                .getMessage();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private void sql(Path file, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            for (String one : statements) {
                statement.execute(one);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"jobs.db", "with space", "100%", "a?mode=memory", "a#b", "käse \uD83E\uDDC0.db", "a%20b", "it's"
            })
    void createsAFileOfAnyName(String name) throws IOException {
        // given
        Path file = dir.resolve(name);
        // when
        try (SqliteJobStore store = SqliteJobStore.open(file)) {
            store.insert(TestJobs.jobs(1));
        }
        // then
        assertEquals(Stream.of(name, name + ".lock").sorted().toList(), files());
        try (SqliteJobStore store = SqliteJobStore.open(file)) {
            assertTrue(store.find(TestJobs.jobs(1).get(0).id()).isPresent());
        }
    }

    @Test
    void takesAnEmptyFile() throws IOException {
        Path file = Files.createFile(dir.resolve("jobs.db"));
        try (SqliteJobStore store = SqliteJobStore.open(file)) {
            assertEquals(1, store.insert(TestJobs.jobs(1)).size());
        }
    }

    @Test
    void recordsTheScriptsThatItRan() throws SQLException {
        // given
        Path file = dir.resolve("jobs.db");
        SqliteJobStore.open(file).close();
        SqliteJobStore.open(file).close();
        // when
        try (Statements sql = new Statements(DriverManager.getConnection("jdbc:sqlite:" + file))) {
            // then
            assertEquals(
                    List.of("1 V1__jobs.sql"),
                    sql.query(
                            "select version || ' ' || script from jobqueue_schema order by version",
                            none -> {},
                            row -> row.getString(1)));
        }
    }

    @Test
    void refusesAFolder() throws IOException {
        assertEquals(
                "store " + dir + " is a folder; name a file in it, such as " + dir.resolve("jobs.db"), refusal(dir));
        assertEquals(List.of(), files());
    }

    @Test
    void refusesAFileWhoseFolderIsMissing() throws IOException {
        Path file = dir.resolve("missing").resolve("jobs.db");
        assertEquals(
                "store " + file + " has no folder " + file.getParent() + " to be in; create that, or open another file",
                refusal(file));
        assertEquals(List.of(), files());
    }

    @Test
    void refusesWhatIsNoRegularFile() {
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device));
        assertEquals("store /dev/null is no regular file; open another one", refusal(device));
    }

    @Test
    void refusesAFileThatIsNotWritable() throws IOException {
        // given
        Path file = Files.createFile(dir.resolve("jobs.db"));
        assertTrue(file.toFile().setReadOnly());
        assumeFalse(Files.isWritable(file), "this user may write everything");
        // then
        assertEquals(
                "store " + file + " is not writable for this process; change its permissions, or open another file",
                refusal(file));
        assertEquals(List.of("jobs.db"), files());
    }

    @Test
    void refusesAFileBesideWhichItCannotWrite() throws IOException {
        // given: not even root can write an index where a folder is
        Path file = dir.resolve("jobs.db");
        Files.createDirectory(dir.resolve("jobs.db-shm"));
        // then
        String refusal = refusal(file);
        assertTrue(
                refusal.startsWith(
                        "store " + file + " cannot be opened: its file or the log beside it is not writable; see"),
                refusal);
        // and once that is mended
        Files.delete(dir.resolve("jobs.db-shm"));
        SqliteJobStore.open(file).close();
    }

    @Test
    void refusesAFileWhoseLockFileItCannotWrite() throws IOException {
        // given
        Path file = dir.resolve("jobs.db");
        Path lock = Files.createDirectory(dir.resolve("jobs.db.lock"));
        // then
        String refusal = refusal(file);
        assertTrue(
                refusal.startsWith("store " + file + " cannot be opened: " + lock + " cannot be written and locked"),
                refusal);
        assertEquals(List.of("jobs.db.lock"), files());
        // and once that is mended
        Files.delete(lock);
        SqliteJobStore.open(file).close();
    }

    @Test
    void refusesWhatIsNoDatabase() throws IOException {
        // given
        Path file = Files.writeString(dir.resolve("notes.txt"), "Buy milk. ".repeat(1_000));
        // then
        String refusal = refusal(file);
        assertTrue(
                refusal.startsWith(
                        "store " + file + " cannot be opened: its file is not a database; open another file"),
                refusal);
        assertEquals("Buy milk. ".repeat(1_000), Files.readString(file));
        assertEquals(List.of("notes.txt"), files());
    }

    @Test
    void refusesADatabaseOfSomethingElse() throws Exception {
        // given
        Path file = dir.resolve("shop.db");
        sql(file, "create table customer (name text)");
        byte[] before = Files.readAllBytes(file);
        // then
        assertEquals(
                "store " + file + " cannot be opened: it is a database of something else, with the table customer;"
                        + " open another file",
                refusal(file));
        assertArrayEquals(before, Files.readAllBytes(file));
        assertEquals(List.of("shop.db"), files());
    }

    @Test
    void refusesANewerVersion() throws Exception {
        // given
        Path file = dir.resolve("jobs.db");
        SqliteJobStore.open(file).close();
        sql(file, "insert into jobqueue_schema values (7, 'V7__later.sql', 0)");
        byte[] before = Files.readAllBytes(file);
        // then
        assertEquals(
                "store " + file + " has version 7 of its tables, but this library knows versions up to 1; use a newer"
                        + " jobqueue-store-jdbc, or open another file",
                refusal(file));
        assertArrayEquals(before, Files.readAllBytes(file));
        assertEquals(List.of("jobs.db", "jobs.db.lock"), files());
    }

    @Test
    void refusesADamagedFile() throws Exception {
        // given
        Path file = dir.resolve("jobs.db");
        SqliteJobStore.open(file).close();
        byte[] damaged = Files.readAllBytes(file);
        for (int i = 100; i < damaged.length; i++) {
            damaged[i] = (byte) 0xA5;
        }
        Files.write(file, damaged);
        // then
        String refusal = refusal(file);
        assertTrue(
                refusal.startsWith("store " + file
                        + " cannot be opened: its file is damaged; restore a copy, or open another file"),
                refusal);
        assertArrayEquals(damaged, Files.readAllBytes(file));
        assertEquals(List.of("jobs.db", "jobs.db.lock"), files());
    }

    @Test
    void leavesNoHandleOfWhatItRefused() throws Exception {
        // given
        Path handles = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(handles));
        Path file = dir.resolve("jobs.db");
        sql(file, "create table jobqueue_schema (version integer)", "insert into jobqueue_schema values (0)");
        sql(file, "create table kind (other text)"); // so that the tables can't be made
        // when
        refusal(file);
        // then
        try (Stream<Path> open = Files.list(handles)) {
            assertFalse(open.anyMatch(handle -> {
                try {
                    return Files.readSymbolicLink(handle).startsWith(dir);
                } catch (IOException e) {
                    return false; // the handle of this very listing
                }
            }));
        }
    }

    @Test
    void blamesTheFileForARowThatNoJobCanHave() throws Exception {
        // given
        Path file = dir.resolve("jobs.db");
        try (SqliteJobStore store = SqliteJobStore.open(file)) {
            store.insert(TestJobs.jobs(1));
        }
        sql(file, "update job set priority = 17");
        // when
        try (SqliteJobStore store = SqliteJobStore.open(file)) {
            StoreException failure = assertThrows(
                    StoreException.class,
                    () -> store.find(TestJobs.jobs(1).get(0).id()));
            // then
            assertEquals(
                    "store " + file + " cannot find: the database failed (row 1 of job holds what no job can: priority"
                            + " must be 0 (first) to 9 (last), but was 17)",
                    failure.getMessage());
        }
    }

    @Test
    void refusesEveryCallAfterClose() {
        // given
        SqliteJobStore store = SqliteJobStore.open(dir.resolve("jobs.db"));
        store.close();
        store.close();
        // then
        StoreException refusal = assertThrows(StoreException.class, () -> store.insert(TestJobs.jobs(1)));
        assertEquals("store " + dir.resolve("jobs.db") + " cannot insert: it is closed", refusal.getMessage());
    }
}
