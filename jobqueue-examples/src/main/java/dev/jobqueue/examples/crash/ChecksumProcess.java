package dev.jobqueue.examples.crash;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.jobqueue.JobContext;
import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.NonRetryableException;
import dev.jobqueue.Submission;
import dev.jobqueue.event.RecoveryReport;
import dev.jobqueue.examples.crash.Message.Kind;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobCount;
import dev.jobqueue.store.jdbc.SqliteJobStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The process that works: the queue, its store and its handler. Started first, it submits a job a file, does some of them,
 * and is then held in mid-work for its parent to kill. Started again, it is told of no file: all it knows is in the store.
 */
final class ChecksumProcess {
    static final String TYPE = "checksum";
    static final int WORKERS = 4;

    /** Small, so that recovery has something to defer. */
    private static final int DELIVERY_CAPACITY = 20;

    private static final int BATCH = 500;
    private static final Duration BETWEEN_MESSAGES = Duration.ofMillis(100);
    private static final Duration UNTIL_STORED = Duration.ofSeconds(10);

    private final Folder folder;
    private final Output output;
    private final Results results;
    private final int holdAfter;
    private final AtomicInteger begun = new AtomicInteger();
    private final CountDownLatch held;

    private ChecksumProcess(Folder folder, Output output, Results results, int holdAfter, int toBeHeld) {
        this.folder = folder;
        this.output = output;
        this.results = results;
        this.holdAfter = holdAfter;
        this.held = new CountDownLatch(toBeHeld);
    }

    /** Takes {@code begin} or {@code resume}, and the folder and the output folder as URIs. */
    public static void main(String[] args) throws Exception {
        endWithParent();
        Folder folder = Folder.at(Path.of(URI.create(args[1])));
        Output output = Output.in(Path.of(URI.create(args[2])));
        try (Results results = Results.appendTo(output.results())) {
            if (args[0].equals("begin")) {
                List<String> names = Files.readAllLines(output.names(), US_ASCII);
                int holdAfter = names.size() / 3;
                int toBeHeld = Math.min(WORKERS, names.size() - holdAfter);
                new ChecksumProcess(folder, output, results, holdAfter, toBeHeld).begin(names);
            } else {
                new ChecksumProcess(folder, output, results, Integer.MAX_VALUE, 0).resume();
            }
        }
    }

    /** Whatever becomes of the parent, its end of this pipe is then closed, and this process must not stay behind. */
    private static void endWithParent() {
        Thread watch = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // the parent says nothing; only the end of it counts
                        }
                    } catch (IOException e) {
                        // as good as the end
                    }
                    Runtime.getRuntime().halt(1);
                },
                "end-with-parent");
        watch.setDaemon(true);
        watch.start();
    }

    private JobQueue build() {
        JobQueue queue = JobQueue.builder()
                .store(() -> SqliteJobStore.open(output.store()))
                .nodeName("checksums")
                .workers(WORKERS)
                .deliveryCapacity(DELIVERY_CAPACITY)
                .handler(TYPE, this::handle)
                .build();
        RecoveryReport report = queue.recovery();
        tell(Message.of(
                Kind.RECOVERED,
                report.recovered(),
                report.pending(),
                report.deferred(),
                report.took().toMillis()));
        return queue;
    }

    private void begin(List<String> names) throws InterruptedException {
        try (JobQueue queue = build()) {
            submit(queue, names);
            queue.start();
            while (!held.await(BETWEEN_MESSAGES.toMillis(), TimeUnit.MILLISECONDS)) {
                tellDone(queue);
            }
            long limit = System.nanoTime() + UNTIL_STORED.toNanos();
            while (tellDone(queue) < holdAfter && System.nanoTime() - limit < 0) {
                queue.awaitIdle(BETWEEN_MESSAGES); // results are on their way to the store
            }
            tell(Message.of(Kind.IN_MID_WORK));
            queue.awaitIdle(Duration.ofDays(1)); // never; the kill comes
        }
    }

    private void submit(JobQueue queue, List<String> names) {
        long accepted = 0;
        for (int from = 0; from < names.size(); from += BATCH) {
            List<JobRequest> requests = names.subList(from, Math.min(names.size(), from + BATCH)).stream()
                    .map(name -> JobRequest.of(TYPE, name).withId(Folder.jobOf(name)))
                    .toList();
            accepted += queue.submitAll(requests).stream()
                    .filter(Submission::stored)
                    .count();
            tell(Message.of(Kind.ACCEPTED, accepted));
        }
    }

    private void resume() throws InterruptedException {
        try (JobQueue queue = build()) {
            queue.start();
            while (!queue.awaitIdle(BETWEEN_MESSAGES)) {
                tellDone(queue);
            }
            tellDone(queue);
        }
        tell(Message.of(Kind.IDLE));
    }

    private void handle(JobContext job) throws IOException, InterruptedException {
        int number = begun.incrementAndGet();
        try {
            String name = job.text();
            results.append(name, job.attempt(), read(folder.file(name)));
        } finally {
            if (number > holdAfter) {
                // killed here, it has had its effect, and the store does not know: it will run twice
                held.countDown();
                new CountDownLatch(1).await();
            }
        }
    }

    /** A file that cannot be read now will not be readable in a second either. */
    private static Checksum read(Path file) {
        try {
            return Checksum.of(file);
        } catch (IOException e) {
            throw new NonRetryableException(file + " cannot be read: " + e, e);
        }
    }

    private static long tellDone(JobQueue queue) {
        long done = queue.counts(JobStatus.COMPLETED, JobStatus.FAILED).stream()
                .mapToLong(JobCount::jobs)
                .sum();
        tell(Message.of(Kind.DONE, done));
        return done;
    }

    private static void tell(Message message) {
        System.out.println(message);
    }
}
