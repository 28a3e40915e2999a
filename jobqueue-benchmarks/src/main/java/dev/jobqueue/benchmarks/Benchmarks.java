package dev.jobqueue.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The command: measures the asked lines, prints a table, writes it as CSV, and fails if a promise was not kept. */
final class Benchmarks {
    /** All there are. A new one is a file of its own, and an entry here. */
    private static final List<Line> LINES = List.of(
            new RecoveryLine(),
            new StartupLine(),
            new MemoryLine(),
            new PostgresDrainLine(),
            new PostgresSubmitLine(),
            new LatencyLine(),
            new SqliteDrainLine());

    private static final String SMOKE = "--smoke";

    private Benchmarks() {}

    /** Lines by name, or none for all; {@code --smoke} for tiny sizes and no targets. */
    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(List.of(arguments), Path.of("target", "results.csv"), System.out));
    }

    /** The exit status: 0 when all is well, 1 when a target was missed or a line failed, 2 when the command is wrong. */
    static int run(List<String> arguments, Path csv, PrintStream out) throws InterruptedException {
        boolean smoke = arguments.contains(SMOKE);
        List<String> asked =
                arguments.stream().filter(each -> !each.equals(SMOKE)).toList();
        List<String> known = LINES.stream().map(Line::name).toList();
        List<String> unknown =
                asked.stream().filter(name -> !known.contains(name)).toList();
        if (!unknown.isEmpty()) {
            out.println("There is no line " + String.join(", ", unknown) + ". The lines are:");
            LINES.forEach(line -> out.println("  " + line.name() + ": " + line.about()));
            out.println("Usage: run [" + SMOKE + "] [LINE...]; without a line: all of them.");
            return 2;
        }
        out.println(machine());
        Results results = new Results();
        boolean failed = false;
        try (SharedServer server = new SharedServer()) {
            for (Line line : LINES) {
                if (asked.isEmpty() || asked.contains(line.name())) {
                    out.println(line.name() + ": " + line.about());
                    failed |= !measured(line, smoke, server, results, out);
                }
            }
        }
        out.println();
        out.print(results.table());
        return written(results, csv, out) && !failed && !results.anyMissed() ? 0 : 1;
    }

    private static boolean measured(Line line, boolean smoke, SharedServer server, Results results, PrintStream out)
            throws InterruptedException {
        try (Lab lab = new Lab(smoke, out, server)) {
            List<Row> rows = line.run(lab);
            results.add(smoke ? rows.stream().map(Row::withoutTarget).toList() : rows);
            return true;
        } catch (IOException | RuntimeException e) {
            out.println(line.name() + " failed: " + e);
            e.printStackTrace(out);
            return false;
        }
    }

    private static boolean written(Results results, Path csv, PrintStream out) {
        try {
            results.writeCsv(csv);
            return true;
        } catch (IOException e) {
            out.println(csv + " could not be written: " + e);
            return false;
        }
    }

    private static String machine() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return List.of(
                        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                        Runtime.getRuntime().availableProcessors() + " cores",
                        "Java " + Runtime.version(),
                        "load %.1f".formatted(load))
                .stream()
                .collect(Collectors.joining(", "));
    }
}
