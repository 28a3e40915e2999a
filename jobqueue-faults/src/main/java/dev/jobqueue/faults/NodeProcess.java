package dev.jobqueue.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobqueue.JobContext;
import dev.jobqueue.JobQueue;
import dev.jobqueue.event.JobQueueEvent;
import dev.jobqueue.event.NodeEnded;
import dev.jobqueue.event.ResultRefused;
import dev.jobqueue.event.ResultUnknown;
import dev.jobqueue.store.End;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A node: a JVM with a queue, whose handlers write to the ledger what they do. It obeys its parent, and ends with it. */
final class NodeProcess {
    /** A handler of this type takes as many milliseconds as its payload says. */
    static final String WORK = "work";
    /** A handler of this type goes on until the node is told {@link Order#GO}, whatever else happens. */
    static final String HOLD = "hold";

    /** A handler of this type ends its process on the spot. */
    static final String PILL = "pill";
    /** With this status. */
    static final int ENDED_BY_A_PILL = 86;

    private static final int CONNECTIONS = 5;

    private final HikariDataSource pool;
    private final Ledger ledger;
    private volatile CountDownLatch gate = new CountDownLatch(1);

    /** What the parent says, a line each. */
    enum Order {
        /** The handlers that hold now shall return. */
        GO,
        /** Write into the ledger how the queue is. */
        TELL,
        /** Take all connections out of the pool, and keep them. */
        STARVE,
        /** Give them back. */
        FEED,
        /** Close the queue, and end. */
        CLOSE
    }

    private NodeProcess(HikariDataSource pool, Ledger ledger) {
        this.pool = pool;
        this.ledger = ledger;
    }

    /** Takes the database's URL and schema, the ledger, who this process is, its node's name, its lease and its workers. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Place place = new Place(arguments[0], arguments[1]);
        String who = arguments[3];
        Duration lease = Duration.parse(arguments[5]);
        try (Ledger ledger = Ledger.appendTo(Path.of(arguments[2]), who);
                HikariDataSource pool = place.pool(who, CONNECTIONS)) {
            NodeProcess node = new NodeProcess(pool, ledger);
            ledger.write(Entry.Kind.BUILDING);
            try (JobQueue queue = JobQueue.builder()
                    .store(() -> place.open(pool))
                    .nodeName(arguments[4])
                    .lease(options -> options.withRenewal(lease.dividedBy(4)).withLength(lease))
                    .workers(Integer.parseInt(arguments[6]))
                    .handler(WORK, node::work)
                    .handler(HOLD, node::hold)
                    .handler(PILL, node::die)
                    .listener(node::hear)
                    .build()) {
                queue.start();
                ledger.write(Entry.Kind.RUNNING);
                node.obey(queue);
            }
            ledger.write(Entry.Kind.CLOSED);
        }
    }

    private void obey(JobQueue queue) throws IOException, InterruptedException {
        Hunger hunger = new Hunger(pool);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            switch (Order.valueOf(line.toUpperCase(Locale.ROOT))) {
                case GO -> {
                    CountDownLatch opened = gate;
                    gate = new CountDownLatch(1);
                    opened.countDown();
                }
                case TELL -> ledger.write(queue.health().healthy() ? Entry.Kind.HEALTHY : Entry.Kind.TROUBLED);
                case STARVE -> hunger.begin();
                case FEED -> hunger.end();
                case CLOSE -> {
                    return;
                }
            }
        }
        Runtime.getRuntime().halt(1); // the parent is gone
    }

    private void work(JobContext job) throws IOException, InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        write(Entry.Kind.BEGAN, job);
        if (never.await(Long.parseLong(job.text()), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("nobody opens this latch");
        }
        write(Entry.Kind.RETURNED, job);
    }

    private void hold(JobContext job) throws IOException {
        CountDownLatch mine = gate;
        write(Entry.Kind.BEGAN, job);
        while (mine.getCount() > 0) {
            try {
                mine.await();
            } catch (InterruptedException e) {
                // it is told to stop, and does not heed: its result shall come, and be refused
            }
        }
        write(Entry.Kind.RETURNED, job);
    }

    private void die(JobContext job) throws IOException {
        write(Entry.Kind.BEGAN, job);
        Runtime.getRuntime().halt(ENDED_BY_A_PILL);
    }

    private void write(Entry.Kind kind, JobContext job) throws IOException {
        ledger.write(kind, job.id().toString(), job.attempt());
    }

    private void hear(JobQueueEvent event) {
        try {
            if (event instanceof ResultRefused refused) {
                ledger.write(Entry.Kind.REFUSED, refused.jobId().toString(), refused.attempt());
            } else if (event instanceof ResultUnknown unknown) {
                ledger.write(Entry.Kind.UNKNOWN, unknown.jobId().toString(), unknown.attempt());
            } else if (event instanceof NodeEnded ended && ended.end() == End.EXPIRED) {
                ledger.write(Entry.Kind.EXPIRED);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
