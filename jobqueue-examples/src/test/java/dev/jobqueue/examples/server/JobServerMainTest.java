package dev.jobqueue.examples.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobCount;
import dev.jobqueue.store.jdbc.SqliteJobStore;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 5, unit = TimeUnit.MINUTES) // each JVM may take its time to start on a busy machine
class JobServerMainTest {
    private static final String LISTENING = "listening on http://127.0.0.1:";

    @TempDir
    Path dir;

    /** What runs is let finish, what waits stays PENDING, and nothing is left PROCESSING. */
    @Test
    void stopsGracefullyWhenItIsTerminated() throws Exception {
        assumeFalse(File.separatorChar == '\\', "Windows has no SIGTERM");
        // given
        Process server = start("0");
        try (BufferedReader output = server.inputReader()) {
            String line = output.readLine();
            assertTrue(line.startsWith(LISTENING), line);
            Client client = new Client(Integer.parseInt(line.substring(LISTENING.length())));
            client.submit("wait", "2000");
            while (client.get("/health").body().path("busy").asInt() == 0) {
                assertTrue(server.isAlive());
            }
            // when
            server.destroy();
            // then
            assertTrue(server.waitFor(100, TimeUnit.SECONDS));
        } finally {
            server.destroyForcibly();
        }
        try (SqliteJobStore store = SqliteJobStore.open(dir.resolve("jobs.db"))) {
            List<JobCount> counts = store.counts(Set.of(JobStatus.values()));
            assertEquals(List.of(JobCount.of("default", "wait", JobStatus.COMPLETED, 1)), counts);
        }
    }

    @Test
    void saysWhichVariableIsWrong() throws Exception {
        // when
        Process server = start("http");
        // then
        try (BufferedReader output = server.inputReader()) {
            assertEquals("cannot start: PORT must be a whole number, 0 to 65535, but was \"http\"", output.readLine());
            assertTrue(server.waitFor(100, TimeUnit.SECONDS));
            assertEquals(1, server.exitValue());
        } finally {
            server.destroyForcibly();
        }
    }

    private Process start(String port) throws IOException {
        String path = String.join(
                File.pathSeparator,
                Arrays.asList(System.getProperty("jdk.module.path", ""), System.getProperty("java.class.path")));
        ProcessBuilder command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                path,
                JobServer.class.getName(),
                dir.resolve("jobs.db").toString());
        command.environment().put("PORT", port);
        return command.redirectErrorStream(true).start();
    }
}
