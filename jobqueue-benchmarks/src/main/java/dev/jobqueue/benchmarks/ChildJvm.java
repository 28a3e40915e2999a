package dev.jobqueue.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs a program in a JVM of its own, on this JVM's Java and with its class path, and reads what it printed. */
final class ChildJvm {
    private static final long MINUTES = 10;

    private ChildJvm() {}

    /**
     * What became of it.
     *
     * @param facts the lines {@code key=number} that it printed
     * @param exited when it was gone, in milliseconds since 1970
     */
    record Ended(Map<String, Long> facts, long exited) {
        long fact(String key) {
            Long value = facts.get(key);
            if (value == null) {
                throw new IllegalStateException("the program must print " + key + ", but printed " + facts);
            }
            return value;
        }
    }

    /**
     * Runs to the end.
     *
     * @param options of the JVM
     * @param log where its error output goes
     */
    static Ended run(Class<?> program, List<String> options, Path log, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), program.getName()));
        command.addAll(List.of(arguments));
        Path output = log.resolveSibling(log.getFileName() + ".out");
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(log.toFile())
                .start();
        try {
            boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
            long exited = System.currentTimeMillis();
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException(program.getSimpleName()
                        + (ended
                                ? " ended with status " + process.exitValue()
                                : " did not end within " + MINUTES + " minutes")
                        + ": " + Files.readString(log).strip());
            }
            return new Ended(facts(Files.readAllLines(output)), exited);
        } finally {
            process.destroyForcibly();
        }
    }

    /** All that this JVM sees: in a test, modules too. */
    private static String classPath() {
        String separator = System.getProperty("path.separator");
        return String.join(
                separator,
                Stream.of("java.class.path", "jdk.module.path")
                        .map(System::getProperty)
                        .filter(path -> path != null && !path.isEmpty())
                        .toList());
    }

    private static Map<String, Long> facts(List<String> lines) {
        Map<String, Long> facts = new TreeMap<>();
        for (String line : lines) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                facts.put(line.substring(0, equals), Long.parseLong(line.substring(equals + 1)));
            }
        }
        return facts;
    }
}
