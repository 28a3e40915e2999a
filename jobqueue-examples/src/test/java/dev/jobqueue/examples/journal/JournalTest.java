package dev.jobqueue.examples.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobRequest;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = dir.resolve("jobs.journal");
    }

    @Test
    void dropsALastLineThatWasCutShort() throws IOException {
        // given
        Job kept = stored("kept");
        Job cut = stored("cut");
        byte[] content = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(content, content.length - 10));
        // when
        try (JournalJobStore store = JournalJobStore.open(file)) {
            // then
            assertEquals(Optional.of(kept), store.find(kept.id()));
            assertEquals(Optional.empty(), store.find(cut.id()));
        }
    }

    @Test
    void dropsALastLineThatWasCutWithinALetter() throws IOException {
        // given
        Job kept = stored("kept");
        stored("caf\u00e9");
        byte[] content = Files.readAllBytes(file);
        int letter = new String(content, ISO_8859_1).lastIndexOf("caf") + 3;
        Files.write(file, Arrays.copyOf(content, letter + 1));
        // when
        try (JournalJobStore store = JournalJobStore.open(file)) {
            // then
            assertEquals(Optional.of(kept), store.find(kept.id()));
        }
    }

    @Test
    void refusesADamagedLineBeforeTheLast() throws IOException {
        // given
        stored("one");
        stored("two");
        Files.writeString(file, Files.readString(file).replace("\"one\"", "\"own\""));
        // then
        StoreException refused = assertThrows(StoreException.class, () -> JournalJobStore.open(file));
        assertTrue(refused.getMessage().contains("damaged at line 1"), refused.getMessage());
    }

    @Test
    void isOpenOnce() {
        try (JournalJobStore store = JournalJobStore.open(file)) {
            StoreException refused = assertThrows(StoreException.class, () -> JournalJobStore.open(file));
            assertTrue(refused.getMessage().contains("in use by this process"), refused.getMessage());
            assertTrue(store.traits().durable());
        }
        JournalJobStore.open(file).close();
    }

    @Test
    void isOpenOnceByWhicheverName() throws IOException {
        Path link = Files.createSymbolicLink(dir.resolve("link"), Files.createDirectory(dir.resolve("folder")));
        try (JournalJobStore store = JournalJobStore.open(dir.resolve("folder/jobs.journal"))) {
            assertThrows(
                    StoreException.class, () -> JournalJobStore.open(link.resolve("jobs.journal")), store::toString);
        }
    }

    @Test
    void needsAFolderThatExists() {
        Path nowhere = dir.resolve("nowhere/jobs.journal");
        StoreException refused = assertThrows(StoreException.class, () -> JournalJobStore.open(nowhere));
        assertTrue(
                refused.getMessage().contains("cannot be opened: java.nio.file.NoSuchFileException"),
                refused.getMessage());
    }

    @Test
    void isAsShortAsItsJobsWhenOpenedAgain() throws IOException {
        // given
        Job job = stored("one");
        // when
        JournalJobStore.open(file).close();
        JournalJobStore.open(file).close();
        // then
        List<String> lines = Files.readAllLines(file, UTF_8);
        assertEquals(1, lines.size());
        assertTrue(lines.get(0).contains(job.id().toString()));
    }

    private Job stored(String type) {
        Job job = JobRequest.of(type, "text").toJob(JobId.of(type), Instant.EPOCH);
        try (JournalJobStore store = JournalJobStore.open(file)) {
            store.insert(List.of(job));
        }
        return job;
    }
}
