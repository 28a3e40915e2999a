package dev.jobqueue.examples.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jobqueue.examples.Printout;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalQueueTest {
    @TempDir
    Path dir;

    @Test
    void runsItsJob() throws Throwable {
        Path file = dir.resolve("jobs.journal");
        assertEquals(
                List.of("Hello, journal! This stands in " + file),
                Printout.of(() -> JournalQueue.main(new String[] {file.toString()})));
    }
}
