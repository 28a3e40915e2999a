package dev.jobqueue.faults;

import dev.jobqueue.JobClient;
import dev.jobqueue.JobRequest;
import dev.jobqueue.SubmitException;
import dev.jobqueue.job.JobId;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Submits short jobs, one after another, until it is stopped; through an outage it submits the same one again. */
final class Load {
    private final JobClient client;
    private final Ledger ledger;
    private final Duration between;
    private final int longestMillis;
    private final Random random;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(runs -> {
        Thread submits = new Thread(runs, "load");
        submits.setDaemon(true);
        return submits;
    });
    private final Future<?> end;
    private volatile boolean stopped;

    private Load(JobClient client, Ledger ledger, int perSecond, int longestMillis, Random random) {
        this.client = client;
        this.ledger = ledger;
        this.between = Duration.ofSeconds(1).dividedBy(perSecond);
        this.longestMillis = longestMillis;
        this.random = random;
        Callable<Void> submits = this::submit;
        this.end = thread.submit(submits);
    }

    /**
     * Begins.
     *
     * @param longestMillis how long a job takes at most
     */
    static Load start(JobClient client, Ledger ledger, int perSecond, int longestMillis, Random random) {
        return new Load(client, ledger, perSecond, longestMillis, random);
    }

    private Void submit() throws IOException, InterruptedException {
        while (!stopped) {
            String millis = Integer.toString(1 + random.nextInt(longestMillis));
            JobId id = JobId.of(new UUID(random.nextLong(), random.nextLong()));
            JobRequest request = JobRequest.of(NodeProcess.WORK, millis).withId(id);
            while (!isAccepted(request)) {
                // the same again: it may be there already
            }
            ledger.write(Entry.Kind.ACCEPTED, id.toString(), 0);
            Pause.of(between);
        }
        return null;
    }

    private boolean isAccepted(JobRequest request) {
        try {
            client.submit(request);
            return true;
        } catch (SubmitException e) {
            return false;
        }
    }

    /** Submits no more. Throws what its thread threw. */
    void stop() throws InterruptedException {
        stopped = true;
        try {
            end.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("submits failed", e.getCause());
        } finally {
            thread.shutdown();
        }
    }
}
