package dev.jobqueue.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A {@link NodeProcess} that this JVM has started. It does not stay behind: it is killed here, or ends by its standard
 * input, which closes with this JVM.
 */
final class NodeJvm implements AutoCloseable {
    private static final Duration LONGEST_END = Duration.ofMinutes(1);

    private final Process process;
    private final String name;
    private final String who;
    private final Path log;
    private boolean killed;

    private NodeJvm(Process process, String name, String who, Path log) {
        this.process = process;
        this.name = name;
        this.who = who;
        this.log = log;
    }

    /**
     * Starts it, and does not wait for it.
     *
     * @param name of its node
     * @param who it is in the ledger, and to the server
     */
    static NodeJvm start(String name, String who, Place place, Path ledger, Duration lease, int workers, Path log)
            throws IOException {
        Process process = java(
                NodeProcess.class,
                List.of(
                        place.url(),
                        place.schema(),
                        ledger.toString(),
                        who,
                        name,
                        lease.toString(),
                        Integer.toString(workers)),
                Path.of(System.getProperty("java.io.tmpdir")),
                Redirect.to(log.toFile()));
        return new NodeJvm(process, name, who, log);
    }

    /** A JVM with a small heap that runs this; what it prints goes into its log, temporary files into this folder. */
    static Process java(Class<?> main, List<String> arguments, Path temporary, Redirect log) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.add("-Dorg.slf4j.simpleLogger.log.dev.jobqueue=info");
        command.add("-Djava.io.tmpdir=" + temporary);
        command.addAll(List.of("-cp", classPath(), main.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
    }

    /** All that this JVM sees: in a test, modules too. */
    private static String classPath() {
        return String.join(
                System.getProperty("path.separator"),
                Stream.of("java.class.path", "jdk.module.path")
                        .map(System::getProperty)
                        .filter(path -> path != null && !path.isEmpty())
                        .toList());
    }

    String name() {
        return name;
    }

    String who() {
        return who;
    }

    Path log() {
        return log;
    }

    /**
     * Looks whether it ended by itself.
     *
     * @throws IllegalStateException if so
     */
    void checkGoesOn() {
        if (!killed && hasEnded() && process.exitValue() != 0 && process.exitValue() != NodeProcess.ENDED_BY_A_PILL) {
            throw new IllegalStateException(who + " ended by itself; its log is " + log);
        }
    }

    boolean hasEnded() {
        return !process.isAlive();
    }

    /** SIGKILL: no hook runs, nothing is closed. Waits for its end. */
    void kill() throws InterruptedException {
        killed = true;
        process.destroyForcibly().waitFor();
    }

    /** SIGSTOP: it stands still, and its connections stay open. */
    void pause() throws IOException, InterruptedException {
        Signal.STOP.to(process.pid());
    }

    /** SIGCONT. */
    void resume() throws IOException, InterruptedException {
        Signal.CONT.to(process.pid());
    }

    /** A paused one reads it when it goes on. */
    void tell(NodeProcess.Order order) throws IOException {
        process.getOutputStream().write((order.name().toLowerCase(Locale.ROOT) + "\n").getBytes(US_ASCII));
        process.getOutputStream().flush();
    }

    void tellIfAlive(NodeProcess.Order order) throws IOException {
        if (process.isAlive()) {
            tell(order);
        }
    }

    /** Has it close its queue and end. */
    void stop() throws IOException, InterruptedException {
        tell(NodeProcess.Order.CLOSE);
        if (!process.waitFor(LONGEST_END.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException(who + " did not end as it was told; its log is " + log);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
