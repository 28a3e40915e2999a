package dev.jobqueue.examples.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A JVM that this one has started and can kill. It never stays behind: closed here, or ended with this JVM by a hook, or,
 * should this JVM have no time for that, by its standard input, which closes.
 */
final class ChildJvm implements AutoCloseable {
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(2);

    private final Process process;
    private final Path log;
    private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
    private final Thread atExit;

    private ChildJvm(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.atExit = new Thread(process::destroyForcibly);
    }

    /** Runs this main class, on this JVM's Java and class path. What it says on standard error goes to the log. */
    static ChildJvm start(Class<?> main, List<String> arguments, Path log) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=info");
        command.add("--enable-native-access=ALL-UNNAMED"); // SQLite's; Java 24 and later warn without it
        command.addAll(List.of("-cp", classPath(), main.getName()));
        command.addAll(arguments);
        Process process =
                new ProcessBuilder(command).redirectError(log.toFile()).start();
        ChildJvm child = new ChildJvm(process, log);
        Runtime.getRuntime().addShutdownHook(child.atExit);
        Thread reader = new Thread(child::read, "child-" + child.pid());
        reader.setDaemon(true);
        reader.start();
        return child;
    }

    /** Modules run on a class path as well. */
    private static String classPath() {
        return Stream.of("jdk.module.path", "java.class.path")
                .map(property -> System.getProperty(property, ""))
                .filter(path -> !path.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private void read() {
        try (BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(Optional.of(line));
            }
        } catch (IOException e) {
            // the pipe broke: the child has ended
        }
        lines.add(Optional.empty());
    }

    long pid() {
        return process.pid();
    }

    /**
     * The next line that it says; empty: it has ended.
     *
     * @throws IOException if it says nothing for two minutes
     */
    Optional<String> nextLine() throws IOException, InterruptedException {
        Optional<String> line = lines.poll(LONGEST_SILENCE.toSeconds(), TimeUnit.SECONDS);
        if (line == null) {
            throw new IOException("process " + pid() + " said nothing for " + LONGEST_SILENCE + "; its log is " + log);
        }
        return line;
    }

    /** SIGKILL, on systems that have it: no hook runs, nothing is closed. Waits for its end. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /**
     * Waits for its end, which is near.
     *
     * @throws IOException if it ended with another status than 0
     */
    void awaitSuccess() throws IOException, InterruptedException {
        if (!process.waitFor(LONGEST_SILENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException("process " + pid() + " does not end; its log is " + log);
        }
        if (process.exitValue() != 0) {
            throw new IOException(
                    "process " + pid() + " ended with status " + process.exitValue() + "; its log is " + log);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // this JVM is ending already
        }
    }
}
