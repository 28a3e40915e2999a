package dev.jobqueue.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class BenchmarksTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private int run(String... arguments) throws InterruptedException {
        PrintStream out = new PrintStream(printed, true, UTF_8);
        return Benchmarks.run(List.of(arguments), folder.resolve("results.csv"), out);
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES) // forty JVMs and a server are started, on whatever machine this is
    void everyLineWorksAtATinySize() throws Exception {
        // when
        int status = run("--smoke");
        // then
        assertEquals(0, status, () -> printed.toString(UTF_8));
        List<String> csv = Files.readAllLines(folder.resolve("results.csv"));
        assertEquals("line,system,unit,median,min,max,rounds,ratio_to_limit,target,ok", csv.get(0));
        for (String line : List.of(
                "recovery", "startup", "memory", "postgres-drain", "postgres-submit", "latency", "sqlite-drain")) {
            assertTrue(csv.stream().anyMatch(row -> row.startsWith(line + ",")), () -> line + " is not in " + csv);
        }
        assertTrue(csv.stream().skip(1).allMatch(row -> row.endsWith(",,")), () -> "a smoke run promised: " + csv);
    }

    @Test
    void anUnknownLineIsAnsweredWithThoseThereAre() throws Exception {
        // when
        int status = run("recovery", "starting");
        // then
        assertEquals(2, status);
        String answer = printed.toString(UTF_8);
        assertTrue(answer.contains("There is no line starting."), answer);
        assertTrue(answer.contains("  recovery: ") && answer.contains("  startup: "), answer);
        assertTrue(Files.notExists(folder.resolve("results.csv")));
    }
}
