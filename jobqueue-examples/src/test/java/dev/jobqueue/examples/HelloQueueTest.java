package dev.jobqueue.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelloQueueTest {
    @TempDir
    Path dir;

    @Test
    void runsItsJob() throws Throwable {
        String[] file = {dir.resolve("jobs.db").toString()};
        assertEquals(List.of("Hello, world!"), Printout.of(() -> HelloQueue.main(file)));
    }

    @Test
    void runsOnTheSameFileAgain() throws Throwable {
        // given
        String[] file = {dir.resolve("jobs.db").toString()};
        HelloQueue.main(file);
        // then
        assertEquals(List.of("Hello, world!"), Printout.of(() -> HelloQueue.main(file)));
    }
}
