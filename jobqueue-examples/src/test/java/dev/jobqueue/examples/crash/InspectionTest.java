package dev.jobqueue.examples.crash;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.NonRetryableException;
import dev.jobqueue.store.jdbc.SqliteJobStore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectionTest {
    @TempDir
    Path dir;

    private Folder folder;
    private Output output;
    private Path file;

    @BeforeEach
    void makeAFile() throws IOException {
        folder = Folder.at(Files.createDirectory(dir.resolve("folder")));
        output = Output.in(dir.resolve("output"));
        file = Files.writeString(folder.root().resolve("file"), "content");
    }

    @Test
    void findsNothingWrongWithARightResult() throws Exception {
        work("file");
        Inspection inspection = inspect();
        assertEquals(List.of(), inspection.faults());
        assertEquals(1, inspection.completed());
        assertEquals(0, inspection.ranTwice());
    }

    @Test
    void seesAWrongChecksum() throws Exception {
        work("file");
        Files.writeString(file, "changed", StandardOpenOption.TRUNCATE_EXISTING);
        assertFault("file: attempt 1 found Checksum", inspect());
    }

    @Test
    void seesAFileThatIsGone() throws Exception {
        work("file");
        Files.delete(file);
        assertFault("file: cannot be read any more", inspect());
    }

    @Test
    void seesAJobThatIsNotThere() throws Exception {
        work("other");
        Inspection inspection = inspect();
        assertFault("file: lost, its job is not in the store", inspection);
        assertEquals(1, inspection.lost());
    }

    @Test
    void seesAResultThatIsNotThere() throws Exception {
        work("file");
        Files.delete(output.results());
        Inspection inspection = inspect();
        assertFault("file: lost, its job is COMPLETED, but there is no result", inspection);
        assertEquals(1, inspection.lost());
    }

    @Test
    void seesAJobThatWasLeftPending() throws Exception {
        submit("file");
        assertFault("file: left PENDING at attempt 0", inspect());
    }

    @Test
    void seesAJobThatFailed() throws Exception {
        Files.delete(file);
        work("file");
        assertFault("file: left FAILED at attempt 1: dev.jobqueue.NonRetryableException: file is gone", inspect());
    }

    @Test
    void seesWhatRanTwice() throws Exception {
        work("file");
        try (Results results = Results.appendTo(output.results())) {
            results.append("file", 2, Checksum.of(file));
        }
        assertEquals(1, inspect().ranTwice());
    }

    @Test
    void takesNoHeedOfALineThatWasCutShort() throws Exception {
        // given
        Files.writeString(output.results(), "1\t7\t0\tabc", US_ASCII);
        // when
        work("file");
        // then
        assertEquals(List.of(), inspect().faults());
    }

    private void submit(String name) {
        try (JobQueue queue = queue()) {
            queue.submit(JobRequest.of(ChecksumProcess.TYPE, name).withId(Folder.jobOf(name)));
        }
    }

    private void work(String name) throws InterruptedException {
        submit(name);
        try (JobQueue queue = queue()) {
            queue.start();
            assertTrue(queue.awaitIdle(Duration.ofSeconds(30)));
        }
    }

    private JobQueue queue() {
        return JobQueue.builder()
                .store(() -> SqliteJobStore.open(output.store()))
                .handler(ChecksumProcess.TYPE, job -> {
                    if (!Files.exists(file)) {
                        throw new NonRetryableException("file is gone");
                    }
                    try (Results results = Results.appendTo(output.results())) {
                        results.append(job.text(), job.attempt(), Checksum.of(file));
                    }
                })
                .build();
    }

    private Inspection inspect() throws IOException {
        return Inspection.of(
                folder, List.of("file"), output, Progress.inLines(new PrintStream(PrintStream.nullOutputStream())));
    }

    private static void assertFault(String beginning, Inspection inspection) {
        assertEquals(1, inspection.faults().size(), () -> "" + inspection.faults());
        assertTrue(
                inspection.faults().get(0).startsWith(beginning),
                inspection.faults().get(0));
    }
}
