package dev.jobqueue.examples.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 5, unit = TimeUnit.MINUTES) // each JVM may take its time to start on a busy machine
class SurviveAKillTest {
    @TempDir
    Path dir;

    private Path folder;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, UTF_8);

    @BeforeEach
    void makeAFolder() throws IOException {
        folder = Files.createDirectory(dir.resolve("folder"));
    }

    /** Of so many files: done before the kill, and run twice, for they ran at the kill and have had their effect. */
    @ParameterizedTest
    @CsvSource({"1, 0, 1", "2, 0, 2", "50, 16, 4"})
    void losesNothing(int files, int before, int twice) throws Exception {
        // given
        for (int i = 0; i < files; i++) {
            Files.writeString(folder.resolve("file " + i), "a line\n".repeat(i));
        }
        // when
        int status = run();
        // then
        assertEquals(SurviveAKill.DONE, status, this::printed);
        assertEquals(files, row("files"));
        assertEquals(files, row("accepted"));
        assertEquals(before, row("done before the kill"));
        // beside those that ran, what was claimed ahead: as many as the delivery queue holds, at most
        long found = row("orphans recovered");
        assertTrue(found >= twice && found <= Math.min(files - before, twice + 20), this::printed);
        assertEquals(Math.max(0, files - before - 20), row("deferred"));
        assertEquals(files - before, row("done after"));
        assertEquals(0, row("lost"));
        assertEquals(twice, row("run twice"));
        assertTrue(row("recovery's time, ms") >= 0);
    }

    @Test
    void writesWhatItFoundAndAtWhichAttempt() throws Exception {
        // given
        String name = "a:%C3%A9%09%23%25%0A"; // whatever the locale can write
        Files.writeString(Folder.at(folder).file(name), "two\nlines\n");
        // when
        assertEquals(SurviveAKill.DONE, run(), this::printed);
        // then
        Checksum found = new Checksum(10, 2, "3cd2b845bb8a0312bafe8468a196e9d96dd101624a3be01343a7b0a13ca4d26e");
        assertEquals(
                Map.of(name, List.of(new Results.Line(1, found), new Results.Line(2, found))),
                Results.read(dir.resolve("output/results.tsv")));
    }

    @Test
    void worksOnEachRegularFileOnce() throws Exception {
        // given
        Files.writeString(folder.resolve("target"), "a file, no build folder");
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("target"));
        Files.createSymbolicLink(folder.resolve("loop"), folder);
        for (String left : List.of(".git/HEAD", "module/target/A.class", "module/build/A.class")) {
            Path file = folder.resolve(left);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "not this");
        }
        Files.writeString(folder.resolve("module/.git"), "gitdir: elsewhere");
        Files.writeString(folder.resolve("module/A.java"), "this");
        // when
        Folder.Listing listing = Folder.at(folder).list(dir);
        // then
        assertEquals(List.of("module/A.java", "target"), listing.names());
    }

    @Test
    void leavesOutItsOwnOutput() throws Exception {
        // given
        Files.writeString(folder.resolve("file"), "content");
        Path output = folder.resolve("output");
        // when
        int first = run(folder.toString(), output.toString());
        int second = run(folder.toString(), output.toString());
        // then
        assertEquals(List.of(SurviveAKill.DONE, SurviveAKill.DONE), List.of(first, second), this::printed);
        assertEquals(1, row("files"));
    }

    @Test
    void leavesOutAndSaysWhatItMayNotRead() throws Exception {
        // given
        Path secret = Files.writeString(folder.resolve("secret"), "content");
        assumeFalse(!secret.toFile().setReadable(false) || Files.isReadable(secret), "this user may read everything");
        Files.writeString(folder.resolve("file"), "content");
        // then
        assertEquals(SurviveAKill.DONE, run(), this::printed);
        assertTrue(printed().contains("left out, not readable: " + secret.toRealPath()), this::printed);
    }

    @Test
    void refusesAFolderWithoutFiles() throws Exception {
        Files.createDirectories(folder.resolve("target"));
        assertEquals(SurviveAKill.REFUSED, run());
        assertTrue(printed().contains("has no file to work on"), this::printed);
    }

    @Test
    void refusesAFolderThatIsNotThere() throws Exception {
        assertEquals(
                SurviveAKill.REFUSED,
                run(dir.resolve("nowhere").toString(), dir.resolve("output").toString()));
        assertTrue(printed().contains("there is no folder " + dir.resolve("nowhere")), this::printed);
        assertFalse(Files.exists(dir.resolve("output")));
    }

    @Test
    void refusesAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "content");
        assertEquals(
                SurviveAKill.REFUSED, run(file.toString(), dir.resolve("output").toString()));
        assertTrue(printed().contains("is no folder"), this::printed);
    }

    @Test
    void refusesAnOutputFolderAroundTheFolder() throws Exception {
        Files.writeString(folder.resolve("file"), "content");
        assertEquals(SurviveAKill.REFUSED, run(folder.toString(), dir.toString()));
        assertTrue(printed().contains("must not hold"), this::printed);
    }

    @Test
    void refusesThreeArguments() throws Exception {
        assertEquals(SurviveAKill.REFUSED, run("one", "two", "three"));
    }

    @Test
    void waitsForNoOtherRun() throws Exception {
        Files.writeString(folder.resolve("file"), "content");
        Output output = Output.in(dir.resolve("output"));
        try (AutoCloseable other = output.claim()) {
            assertEquals(SurviveAKill.WRONG, run());
            assertTrue(printed().contains("another run is using"), () -> printed() + other);
        }
    }

    private int run() throws InterruptedException {
        return run(folder.toString(), dir.resolve("output").toString());
    }

    private int run(String... arguments) throws InterruptedException {
        printed.reset();
        return new SurviveAKill(Progress.inLines(out), out).run(List.of(arguments));
    }

    private String printed() {
        return printed.toString(UTF_8);
    }

    private int row(String name) {
        Matcher row =
                Pattern.compile("^" + name + " +(\\d+)$", Pattern.MULTILINE).matcher(printed());
        assertTrue(row.find(), () -> "no row " + name + " in " + printed());
        return Integer.parseInt(row.group(1));
    }
}
