package dev.jobqueue.store.jdbc;

import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.testkit.JobStoreProperties;
import dev.jobqueue.store.testkit.MovableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.lifecycle.AfterTry;

class SqliteJobStorePropertiesTest extends JobStoreProperties {
    private Path folder;

    @Override
    protected JobStore openEmpty(MovableClock clock) {
        try {
            folder = Files.createTempDirectory("jobqueue");
            return SqliteJobStore.open(folder.resolve("jobs.db"), clock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterTry
    void deleteFolder() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }
}
