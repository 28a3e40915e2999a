package dev.jobqueue.core.simulation;

import dev.jobqueue.JobContext;
import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.NonRetryableException;
import dev.jobqueue.QueueState;
import dev.jobqueue.core.Simulated;
import dev.jobqueue.core.simulation.Book.How;
import dev.jobqueue.job.JobQueueException;
import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One process that hosts a queue, from its start to its exit or crash. Its methods run on threads of its own. */
final class Place {
    private final Scenario scenario;
    private final Scheduler scheduler;
    private final Auditor auditor;
    final Process process;
    private @Nullable JobQueue queue;
    private boolean ordered;

    Place(Scenario scenario, Process process) {
        this.scenario = scenario;
        this.scheduler = scenario.scheduler;
        this.auditor = scenario.auditor;
        this.process = process;
    }

    /** The queue, once it is built. */
    @Nullable
    JobQueue queue() {
        return queue;
    }

    boolean isUp() {
        JobQueue built = queue;
        return !process.isGone() && !ordered && (built == null || built.health().state() != QueueState.SUPERSEDED);
    }

    /** Builds and starts, as often as it takes: what supervises a process would do no less. */
    void live() {
        SimulatedPlatform platform = new SimulatedPlatform(scheduler, process);
        SplittableRandom random = scheduler.random();
        for (JobQueue built = null; built == null; ) {
            auditor.building(process);
            try {
                built = Simulated.build(configured(), platform);
            } catch (JobQueueException e) {
                line("build() threw " + e);
                scheduler.sleep(Duration.ofMillis(random.nextInt(2_000)));
            }
            queue = built;
        }
        auditor.built(process, queue.health().node(), queue.recovery());
        if (random.nextInt(4) == 0) {
            scheduler.sleep(Duration.ofMillis(random.nextInt(5_000)));
        }
        start();
    }

    private void start() {
        while (true) {
            auditor.starting(process);
            line("start()");
            try {
                queue.start();
                return;
            } catch (JobQueueException e) {
                line("start() threw " + e);
                if (queue.health().state() == QueueState.SUPERSEDED) {
                    return;
                }
                scheduler.sleep(Duration.ofMillis(scheduler.random().nextInt(2_000)));
            }
        }
    }

    private JobQueue.Builder configured() {
        JobQueue.Builder builder = Simulated.builder();
        if (scenario.listens) {
            builder.listener(event -> {
                if (!scheduler.isUnwinding()) {
                    line("tells of " + event);
                    auditor.told(process, event);
                }
            });
        }
        return builder.store(scenario.reachedBy(process))
                .nodeName(process.name)
                .workers(scenario.workers)
                .deliveryCapacity(scenario.capacity)
                .shutdownGrace(scenario.grace)
                .lease(lease -> lease.withLength(scenario.lease).withRenewal(scenario.renewal))
                .retry(policy -> policy.withMaxFailures(Edges.MOST_FAILURES)
                        .withFirstDelay(Script.RETRY)
                        .withFactor(2)
                        .withJitter(0))
                .recovery(options -> options.withPageSize(scenario.page))
                .handler(Script.PLAIN, this::handle)
                .handler(
                        Script.TIMED,
                        this::handle,
                        options ->
                                options.withTimeout(Script.timeout(Script.TIMED).orElseThrow()));
    }

    private void handle(JobContext job) throws InterruptedException {
        auditor.begins(process, job);
        line("runs " + Texts.id(job.id()) + " at attempt " + job.attempt());
        How how = How.THREW;
        try {
            how = act(job, Script.parse(job.text()));
        } catch (NonRetryableException e) {
            how = How.REFUSED;
            throw e;
        } finally {
            if (!scheduler.isUnwinding()) {
                auditor.ends(job, how, Script.SNOOZE);
                line("ends " + Texts.id(job.id()) + " at attempt " + job.attempt() + ": " + how);
            }
        }
    }

    private How act(JobContext job, Script script) throws InterruptedException {
        char act = script.act(job.attempt());
        switch (act) {
            case 'h' -> scheduler.sleep(script.time()); // heeds no interrupt
            case 'i' -> {
                try {
                    scheduler.sleepInterruptibly(script.time());
                } catch (InterruptedException e) {
                    line("returns early, as it was interrupted");
                }
            }
            default -> scheduler.sleepInterruptibly(script.time());
        }
        switch (act) {
            case 't' -> throw new IllegalStateException("as its script says");
            case 'n' -> throw new NonRetryableException("as its script says");
            case 's' -> {
                job.snooze(Script.SNOOZE);
                return How.SNOOZED;
            }
            case 'c' ->
                scenario.submit(
                        job.client(),
                        JobRequest.of(
                                Script.PLAIN, new Script("r", Duration.ofMillis(20)).text(scenario.nextNumber())));
            default -> {}
        }
        return How.RETURNED;
    }

    /** Stops cleanly, and starts again after a while. */
    void stopAndStart() {
        if (begins()) {
            return;
        }
        auditor.stopping(process);
        line("stop()");
        queue.stop();
        line("has stopped");
        auditor.stopped(process);
        scheduler.sleep(Duration.ofMillis(scheduler.random().nextInt(3_000)));
        if (queue.health().state() != QueueState.SUPERSEDED) {
            start();
        }
        ordered = false;
    }

    /** Stops cleanly, and its process ends. */
    void exit() {
        if (begins()) {
            return;
        }
        auditor.stopping(process);
        line("close()");
        queue.close();
        line("has closed");
        auditor.stopped(process);
        scheduler.kill(process);
        scheduler.check();
    }

    /** Whether it is not in a state to be ordered anything; for what it was ordered before, it waits. */
    private boolean begins() {
        while (ordered) {
            scheduler.sleep(Duration.ofMillis(100));
        }
        JobQueue built = queue;
        if (built == null || built.health().state() != QueueState.RUNNING) {
            return true;
        }
        ordered = true;
        return false;
    }

    private void line(String what) {
        scenario.trace.line(scheduler, what);
    }
}
