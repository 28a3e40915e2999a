package dev.jobqueue.faults;

import dev.jobqueue.JobClient;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;

/** A process that submits and works is killed again and again, at any moment. What it was told is stored must be, and end. */
final class CrashLoop implements Scenario {
    private static final int LONGEST_LIFE_MILLIS = 1_000;
    private static final int AUDITS = 10;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);

    private final String name;
    private final String where;
    private final Function<Cluster, Place> places;

    private CrashLoop(String name, String where, Function<Cluster, Place> places) {
        this.name = name;
        this.where = where;
        this.places = places;
    }

    static CrashLoop onSqlite() {
        return new CrashLoop(
                "crashloop-sqlite",
                "SQLite",
                cluster -> LoopProcess.sqlite(cluster.folder().resolve("jobs.db")));
    }

    static CrashLoop onPostgres() {
        return new CrashLoop("crashloop-postgres", "PostgreSQL", Cluster::place);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String about() {
        return "SIGKILL at random moments, in build() too, of a process that submits and works on " + where;
    }

    /** It is about SQLite, or about PostgreSQL. */
    @Override
    public boolean needsPostgres() {
        return true;
    }

    @Override
    public List<Row> run(Cluster cluster) throws IOException, InterruptedException {
        int rounds = cluster.choose(1_000, 20);
        Path ledger = cluster.folder().resolve("loop-ledger");
        Ledger.appendTo(ledger, "loop").close();
        try (History history = new History(ledger)) {
            return new Rounds(cluster, places.apply(cluster), ledger, history).run(rounds);
        }
    }

    private final class Rounds {
        private final Cluster cluster;
        private final Place place;
        private final Path ledger;
        private final History history;
        private final Random random;
        private final Samples builds = new Samples();
        private int lastBuildMillis = 500;
        private int inBuild;

        Rounds(Cluster cluster, Place place, Path ledger, History history) {
            this.cluster = cluster;
            this.place = place;
            this.ledger = ledger;
            this.history = history;
            this.random = cluster.random();
        }

        List<Row> run(int rounds) throws IOException, InterruptedException {
            for (int round = 1; round <= rounds; round++) {
                String who = "loop." + round;
                liveAndDie(who, random.nextInt(3) == 0);
                if (round % Math.max(1, rounds / AUDITS) == 0) {
                    Audit audit = audit();
                    cluster.say("round %d: %d jobs accepted, %d lost".formatted(round, audit.accepted(), audit.lost()));
                    if (audit.lost() > 0) {
                        throw new IllegalStateException(audit.lost() + " jobs are lost after round " + round);
                    }
                }
            }
            finish();
            Audit audit = audit();
            List<Row> rows = new ArrayList<>();
            rows.add(Row.told(name, "rounds", rounds));
            rows.add(Row.told(name, "killed_in_build", inBuild));
            rows.add(Row.told(name, "build_median_ms", builds.median()));
            rows.add(Row.told(name, "build_max_ms", builds.max()));
            rows.addAll(audit.rows(name));
            rows.add(Row.told(name, "jobs_run_twice", audit.twice()));
            return rows;
        }

        private void liveAndDie(String who, boolean dieInBuild) throws IOException, InterruptedException {
            Process process = start(who, true);
            try {
                await(process, who, () -> has(Entry.Kind.BUILDING, who));
                if (dieInBuild) {
                    Pause.of(Duration.ofMillis(random.nextInt(lastBuildMillis)));
                } else {
                    await(process, who, () -> has(Entry.Kind.RUNNING, who));
                    Pause.of(Duration.ofMillis(random.nextInt(LONGEST_LIFE_MILLIS)));
                }
            } finally {
                process.destroyForcibly().waitFor();
            }
            clean();
            history.update();
            if (has(Entry.Kind.RUNNING, who)) {
                double millis = (micros(Entry.Kind.RUNNING, who) - micros(Entry.Kind.BUILDING, who)) / 1_000.0;
                builds.add(millis);
                lastBuildMillis = 1 + (int) millis;
            } else {
                inBuild++;
            }
        }

        /** The last one works off what the others left. */
        private void finish() throws IOException, InterruptedException {
            Process last = start("loop.last", false);
            try {
                if (!last.waitFor(Cluster.BOUND.toSeconds() * 2, TimeUnit.SECONDS) || last.exitValue() != 0) {
                    throw new IllegalStateException("the last process did not end; its log is " + log());
                }
            } finally {
                last.destroyForcibly().waitFor();
            }
        }

        private Process start(String who, boolean submits) throws IOException {
            return NodeJvm.java(
                    LoopProcess.class,
                    List.of(place.url(), place.schema(), ledger.toString(), who, Boolean.toString(submits)),
                    temporary(),
                    Redirect.appendTo(log().toFile()));
        }

        private Path temporary() throws IOException {
            return Files.createDirectories(cluster.folder().resolve("temporary"));
        }

        /** SQLite's driver leaves its native library behind when its process is killed: a megabyte each time. */
        private void clean() throws IOException {
            try (Stream<Path> left = Files.list(temporary())) {
                for (Path file : left.filter(Files::isRegularFile).toList()) {
                    Files.delete(file);
                }
            }
        }

        private Path log() {
            return cluster.folder().resolve("loop.log");
        }

        /** While no process has the store. */
        private Audit audit() throws IOException {
            history.update();
            try (LoopProcess.Opened opened = LoopProcess.opened(place, "audit")) {
                return Audit.of(history, JobClient.over(opened.store()));
            }
        }

        private boolean has(Entry.Kind kind, String who) {
            return history.of(kind, who).findAny().isPresent();
        }

        private long micros(Entry.Kind kind, String who) {
            return history.of(kind, who).findFirst().orElseThrow().micros();
        }

        private void await(Process process, String who, BooleanSupplier done) throws IOException, InterruptedException {
            long limit = System.nanoTime() + Cluster.BOUND.toNanos();
            for (history.update(); !done.getAsBoolean(); history.update()) {
                if (!process.isAlive() || System.nanoTime() - limit > 0) {
                    throw new IllegalStateException(who + " ended by itself, or hangs; its log is " + log());
                }
                Pause.of(BETWEEN_LOOKS);
            }
        }
    }
}
