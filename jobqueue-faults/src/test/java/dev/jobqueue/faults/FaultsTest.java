package dev.jobqueue.faults;

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

class FaultsTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private int run(String... arguments) throws InterruptedException {
        return new Faults(folder, new PrintStream(printed, true, UTF_8)).run(List.of(arguments));
    }

    @Test
    @Timeout(
            value = 15,
            unit = TimeUnit.MINUTES) // scores of JVMs and a server are started, on whatever machine this is
    void everyScenarioKeepsItsPromisesInAShortRun() throws Exception {
        // when
        int status = run("--short");
        // then
        assertEquals(0, status, () -> printed.toString(UTF_8));
        List<String> csv = Files.readAllLines(folder.resolve("results.csv"));
        assertEquals("scenario,metric,value,target,ok", csv.get(0));
        for (Scenario scenario : Faults.SCENARIOS) {
            assertTrue(csv.contains(scenario.name() + ",lost_jobs,0,= 0,yes"), () -> scenario.name() + " in " + csv);
        }
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void everyScenarioThatRunsOnMariaDbKeepsItsPromisesThereToo() throws Exception {
        // when
        int status = run("--short", "--mariadb");
        // then
        assertEquals(0, status, () -> printed.toString(UTF_8));
        List<String> csv = Files.readAllLines(folder.resolve("results.csv"));
        for (String scenario : List.of("failover", "restart", "zombie", "rolling", "outage")) {
            assertTrue(csv.contains(scenario + ",lost_jobs,0,= 0,yes"), () -> scenario + " in " + csv);
        }
    }

    @Test
    void anUnknownScenarioIsAnsweredWithThoseThereAre() throws Exception {
        // when
        int status = run("failover", "flood");
        // then
        assertEquals(2, status);
        String answer = printed.toString(UTF_8);
        assertTrue(answer.contains("There is no scenario flood."), answer);
        assertTrue(answer.contains("  failover: ") && answer.contains("  zombie: "), answer);
        assertTrue(Files.notExists(folder.resolve("results.csv")));
    }

    @Test
    void aSeedIsAWholeNumber() throws Exception {
        assertEquals(2, run("--seed", "failover"));
        assertEquals(2, run("--seed"));
        assertTrue(printed.toString(UTF_8).contains("--seed needs a whole number."), () -> printed.toString(UTF_8));
    }
}
