package dev.jobqueue.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jobqueue.store.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreFileLockTest {
    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void setUp() {
        file = dir.resolve("jobs.db");
    }

    private static String refusal(Path file) {
        return assertThrows(StoreException.class, () -> SqliteJobStore.open(file))
                .getMessage();
    }

    private static String inUseHere(Path file) {
        return "store " + file + " is in use by process "
                + ProcessHandle.current().pid()
                + ", which is this one; close the store that has it open, or open another file";
    }

    @Test
    void refusesWhatThisProcessHasOpen() {
        try (SqliteJobStore store = SqliteJobStore.open(file)) {
            assertEquals(inUseHere(file), refusal(file));
            store.insert(TestJobs.jobs(1));
        }
        SqliteJobStore.open(file).close();
    }

    @Test
    void refusesTheSameFileUnderAnotherName() throws Exception {
        // given
        SqliteJobStore.open(file).close();
        Path link = Files.createSymbolicLink(dir.resolve("link.db"), file);
        // when
        try (SqliteJobStore store = SqliteJobStore.open(file)) {
            // then
            assertEquals(inUseHere(link), refusal(link));
        }
    }

    @Test
    void refusesWhatAnotherProcessHasOpenUntilItDies() throws Exception {
        try (OtherProcess other = OtherProcess.run(OpensAndWaits.class, file)) {
            assertEquals("open", other.line());
            assertEquals(
                    "store " + file + " is in use by process " + other.pid()
                            + "; close that process, or open another file",
                    refusal(file));
        }
        SqliteJobStore.open(file).close();
    }

    @Test
    void keepsOtherProcessesOutAlsoAfterItRefusedThisOne() throws Exception {
        try (SqliteJobStore store = SqliteJobStore.open(file)) {
            refusal(file); // a handle of the lock file that was opened and closed for this would have lost the lock
            try (OtherProcess other = OtherProcess.run(OpensAndWaits.class, file)) {
                assertEquals(
                        "store " + file + " is in use by process "
                                + ProcessHandle.current().pid() + "; close that process, or open another file",
                        other.line());
            }
        }
    }

    @Test
    void opensOnAnInterruptedThread() {
        // given
        Thread.currentThread().interrupt();
        // when
        try (SqliteJobStore store = SqliteJobStore.open(file)) {
            // then
            assertEquals(inUseHere(file), refusal(file));
        } finally {
            assertEquals(true, Thread.interrupted());
        }
    }
}
