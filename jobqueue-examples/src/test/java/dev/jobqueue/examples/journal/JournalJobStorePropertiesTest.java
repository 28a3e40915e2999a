package dev.jobqueue.examples.journal;

import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.testkit.JobStoreProperties;
import dev.jobqueue.store.testkit.MovableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.stream.Stream;
import net.jqwik.api.lifecycle.AfterTry;

class JournalJobStorePropertiesTest extends JobStoreProperties {
    private final Deque<Path> folders = new ArrayDeque<>();

    @Override
    protected JobStore openEmpty(MovableClock clock) {
        try {
            folders.push(Files.createTempDirectory("journal"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return JournalJobStore.open(folders.element().resolve("jobs.journal"), clock);
    }

    @AfterTry
    void deleteFiles() throws IOException {
        while (!folders.isEmpty()) {
            try (Stream<Path> all = Files.walk(folders.pop())) {
                for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
