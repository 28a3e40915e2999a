package dev.jobqueue.faults;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobqueue.JobContext;
import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.jdbc.SqliteJobStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;

/** A process that submits jobs and works them off, until it is killed; the last one only works, and ends by itself. */
final class LoopProcess {
    private static final String NAME = "loop";
    private static final String SQLITE = "sqlite:";
    private static final int WORKERS = 8;
    private static final int CONNECTIONS = 5;
    private static final Duration BETWEEN_SUBMITS = Duration.ofMillis(5);
    private static final Duration LONGEST_JOB = Duration.ofMillis(20);

    private LoopProcess() {}

    /** The place of a store in this file. */
    static Place sqlite(Path file) {
        return new Place(SQLITE + file, "");
    }

    /** A store that is open, and all that it needs. */
    record Opened(JobStore store, Runnable after) implements AutoCloseable {
        @Override
        public void close() {
            store.close();
            after.run();
        }
    }

    static Opened opened(Place place, String who) {
        if (place.url().startsWith(SQLITE)) {
            Path file = Path.of(place.url().substring(SQLITE.length()));
            return new Opened(SqliteJobStore.open(file), () -> {});
        }
        HikariDataSource pool = place.pool(who, CONNECTIONS);
        return new Opened(place.open(pool), pool::close);
    }

    /** Takes the place's URL and schema, the ledger, who this process is, and whether it submits. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        endWithParent();
        Place place = new Place(arguments[0], arguments[1]);
        String who = arguments[3];
        try (Ledger ledger = Ledger.appendTo(Path.of(arguments[2]), who)) {
            ledger.write(Entry.Kind.BUILDING);
            try (JobQueue queue = JobQueue.builder()
                    .store(() -> opened(place, who).store())
                    .nodeName(NAME)
                    .workers(WORKERS)
                    // whoever kills from outside again and again would convict jobs that did nothing
                    .recovery(options -> options.withMaxConvictions(1_000_000))
                    .handler(NodeProcess.WORK, job -> work(ledger, job))
                    .build()) {
                queue.start();
                ledger.write(Entry.Kind.RUNNING);
                while (Boolean.parseBoolean(arguments[4])) {
                    String id = queue.submit(JobRequest.of(NodeProcess.WORK, ""))
                            .id()
                            .toString();
                    ledger.write(Entry.Kind.ACCEPTED, id, 0);
                    Pause.of(BETWEEN_SUBMITS);
                }
                queue.awaitIdle(Cluster.BOUND);
            }
            ledger.write(Entry.Kind.CLOSED);
        }
        System.exit(0);
    }

    private static void work(Ledger ledger, JobContext job) throws IOException, InterruptedException {
        ledger.write(Entry.Kind.BEGAN, job.id().toString(), job.attempt());
        Pause.of(LONGEST_JOB.dividedBy(1 + (job.id().hashCode() & 7)));
        ledger.write(Entry.Kind.RETURNED, job.id().toString(), job.attempt());
    }

    /** By its standard input, which closes with the parent. */
    private static void endWithParent() {
        Thread watch = new Thread(
                () -> {
                    try {
                        System.in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        // closed in another way: the parent is gone, too
                    }
                    Runtime.getRuntime().halt(1);
                },
                "parent");
        watch.setDaemon(true);
        watch.start();
    }
}
