package dev.jobqueue.faults;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The command: does the asked faults to nodes, prints a table, writes it as CSV, and fails if a promise was not kept. */
final class Faults {
    /** All there are. A new one is a file of its own, and an entry here. */
    static final List<Scenario> SCENARIOS = List.of(
            new Failover(),
            new Restart(),
            new Zombie(),
            Rolling.byStops(),
            Rolling.byKills(),
            new Idle(),
            new Outage(),
            new Carry(),
            new Pill(),
            CrashLoop.onSqlite(),
            CrashLoop.onPostgres());

    private static final String SHORT = "--short";
    private static final String SEED = "--seed";
    private static final String MARIADB = "--mariadb";

    private final Path folder;
    private final PrintStream out;

    Faults(Path folder, PrintStream out) {
        this.folder = folder;
        this.out = out;
    }

    /** Scenarios by name, or none for all; {@code --short} for few rounds and short leases; {@code --seed N}; {@code --mariadb}. */
    public static void main(String[] arguments) throws InterruptedException {
        System.exit(new Faults(Path.of("target"), System.out).run(List.of(arguments)));
    }

    /** The exit status: 0 when all is well, 1 when something was broken, 2 when the command is wrong. */
    int run(List<String> arguments) throws InterruptedException {
        List<String> names = new ArrayList<>(arguments);
        boolean isShort = names.remove(SHORT);
        boolean onMariaDb = names.remove(MARIADB);
        long seed = System.nanoTime();
        try {
            int at = names.indexOf(SEED);
            if (at >= 0) {
                names.remove(at);
                seed = Long.parseLong(names.remove(at));
            }
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            return refuse(SEED + " needs a whole number.");
        }
        List<String> known = SCENARIOS.stream().map(Scenario::name).toList();
        List<String> unknown =
                names.stream().filter(name -> !known.contains(name)).toList();
        if (!unknown.isEmpty()) {
            return refuse("There is no scenario " + String.join(", ", unknown) + ".");
        }
        List<Scenario> asked = SCENARIOS.stream()
                .filter(scenario -> names.isEmpty() || names.contains(scenario.name()))
                .filter(scenario -> !(onMariaDb && scenario.needsPostgres()))
                .toList();
        return run(asked, onMariaDb, isShort, seed);
    }

    private int refuse(String why) {
        out.println(why + " The scenarios are:");
        SCENARIOS.forEach(scenario -> out.println("  " + scenario.name() + ": " + scenario.about()));
        out.println("Usage: run [" + SHORT + "] [" + SEED + " N] [" + MARIADB
                + "] [SCENARIO...]; without a scenario: all of them, but on MariaDB those that can run there.");
        return 2;
    }

    private int run(List<Scenario> scenarios, boolean onMariaDb, boolean isShort, long seed)
            throws InterruptedException {
        out.println(machine() + ", seed " + seed);
        Results results = new Results();
        boolean failed = false;
        Path logs = folder.resolve("faults").toAbsolutePath();
        try {
            empty(logs);
            try (Server server = onMariaDb ? MariaDbServer.start(logs) : PostgresServer.start(logs)) {
                for (Scenario scenario : scenarios) {
                    out.println(scenario.name() + ": " + scenario.about());
                    failed |= !hasRun(scenario, server, logs, isShort, seed, results);
                }
            }
            out.println();
            out.print(results.table());
            results.writeCsv(folder.resolve("results.csv"));
        } catch (IOException e) {
            out.println("failed: " + e);
            failed = true;
        }
        return !failed && results.allOk() ? 0 : 1;
    }

    private boolean hasRun(Scenario scenario, Server server, Path logs, boolean isShort, long seed, Results results)
            throws InterruptedException {
        try {
            Path own = Files.createDirectories(logs.resolve(scenario.name()));
            try (Cluster cluster = new Cluster(own, server, scenario.name(), isShort, seed, out)) {
                results.add(scenario.run(cluster));
            }
            return true;
        } catch (IOException | RuntimeException e) {
            out.println(scenario.name() + " failed: " + e);
            e.printStackTrace(out);
            return false;
        }
    }

    /** What an earlier run left there for its reader. */
    private static void empty(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
        Files.createDirectories(folder);
    }

    private static String machine() {
        return String.join(
                ", ",
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors() + " cores",
                "Java " + Runtime.version(),
                "load %.1f"
                        .formatted(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
    }
}
