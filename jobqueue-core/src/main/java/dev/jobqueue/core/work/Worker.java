package dev.jobqueue.core.work;

import dev.jobqueue.core.delivery.HeldJob;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs handlers on its thread, one job at a time, until there are no more deliveries or it is abandoned. */
final class Worker implements Runnable {
    private final Workers workers;
    private final JobRunner runner;
    private @Nullable HeldJob current;
    private boolean abandoned;

    Worker(Workers workers, JobRunner runner) {
        this.workers = workers;
        this.runner = runner;
    }

    @Override
    public void run() {
        while (!isAbandoned()) {
            Optional<HeldJob> next = workers.next();
            if (next.isEmpty()) {
                break;
            }
            run(next.get());
        }
        workers.ended(this);
    }

    private void run(HeldJob job) {
        setCurrent(job);
        workers.began();
        try {
            runner.run(job);
        } catch (Throwable fault) {
            // no handler's, but this library's or the log's: it must cost neither a worker nor the job its result
            workers.failed(job, fault);
        } finally {
            setCurrent(null);
            workers.done(isAbandoned());
        }
    }

    /** Leaves this worker to the handler that it runs; not if it runs another by now. */
    synchronized boolean abandon(HeldJob job) {
        boolean now = !abandoned && current == job;
        abandoned |= now;
        return now;
    }

    private synchronized void setCurrent(@Nullable HeldJob job) {
        current = job;
    }

    private synchronized boolean isAbandoned() {
        return abandoned;
    }
}
