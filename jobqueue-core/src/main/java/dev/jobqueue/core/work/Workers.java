package dev.jobqueue.core.work;

import dev.jobqueue.JobClient;
import dev.jobqueue.core.completion.Completion;
import dev.jobqueue.core.delivery.DeliveryQueue;
import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.core.delivery.HeldJobs;
import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.runtime.Deadline;
import dev.jobqueue.core.runtime.DutyLoop;
import dev.jobqueue.core.runtime.Monitor;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.event.DutyFailed;
import dev.jobqueue.event.HandlerStuck;
import dev.jobqueue.job.JobInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The threads that run handlers, from start to stop of a queue. */
public final class Workers {
    private final Platform platform;
    private final Reporter reporter;
    private final String name;
    private final int number;
    private final DeliveryQueue<HeldJob> deliveries;
    private final HeldJobs held;
    private final Completion completion;
    private final Runnable onRoom;
    private final Verdict verdict;
    private final JobRunner runner;
    private final @Nullable DutyLoop timeouts;
    private final Monitor monitor;
    private final AtomicInteger started = new AtomicInteger();
    private int busy;
    private int stuck;

    /**
     * Not yet started.
     *
     * @param name what their threads' names begin with
     * @param onRoom run when a worker took a delivery or became free
     * @param client what handlers submit further jobs with
     */
    public Workers(
            Platform platform,
            Reporter reporter,
            String name,
            int number,
            Handlers handlers,
            DeliveryQueue<HeldJob> deliveries,
            HeldJobs held,
            Completion completion,
            Runnable onRoom,
            JobClient client) {
        this.platform = platform;
        this.reporter = reporter;
        this.name = name;
        this.number = number;
        this.deliveries = deliveries;
        this.held = held;
        this.completion = completion;
        this.onRoom = onRoom;
        this.verdict = new Verdict(platform, held);
        this.monitor = platform.newMonitor();
        Timeouts late = new Timeouts(platform, reporter, verdict, completion, this::wakeTimeouts);
        this.timeouts = handlers.all().stream().anyMatch(each -> each.timeout().isPresent())
                ? new DutyLoop(
                        platform,
                        name + "-timeouts",
                        late,
                        fault -> reporter.publish(new DutyFailed("timeouts", fault)))
                : null;
        this.runner = new JobRunner(platform, reporter, handlers, verdict, completion, late, client);
    }

    /** Starts the threads. */
    public void start() {
        if (timeouts != null) {
            timeouts.start();
        }
        for (int i = 0; i < number; i++) {
            startOne();
        }
    }

    private void startOne() {
        Worker worker = new Worker(this, runner);
        platform.newWorker(name + "-worker-" + started.incrementAndGet(), worker)
                .start();
    }

    private void wakeTimeouts() {
        if (timeouts != null) {
            timeouts.wake();
        }
    }

    /** How many workers there are. */
    public int number() {
        return number;
    }

    /** How many workers run a handler. */
    public int busy() {
        monitor.lock();
        try {
            return busy;
        } finally {
            monitor.unlock();
        }
    }

    /** How many handlers go on without a worker, as they do not heed that they were told to stop. */
    public int stuck() {
        monitor.lock();
        try {
            return stuck;
        } finally {
            monitor.unlock();
        }
    }

    /**
     * Begins no handler any more. Returns the jobs that none has begun, to be {@linkplain #giveBack given back} when claims
     * have ended, which would take them again.
     */
    public List<HeldJob> beginNoMore() {
        deliveries.close();
        return held.all().stream().filter(HeldJob::endUnlessBegun).toList();
    }

    /** Releases these. */
    public void giveBack(List<HeldJob> unstarted) {
        unstarted.forEach(job -> completion.add(verdict.unstarted(job)));
    }

    /**
     * Ends the work, once no handler begins any more: waits for running handlers, interrupts those that go on after the
     * grace, and gives up on those that go on still after that. Returns how many jobs were given back.
     */
    public int stop(Duration grace, Duration afterInterrupt) {
        int released = 0;
        if (!awaitQuiet(grace)) {
            running().forEach(HeldJob::release);
            if (!awaitQuiet(afterInterrupt)) {
                released += giveUp(running());
            }
        }
        if (timeouts != null) {
            timeouts.stop();
            timeouts.awaitEnd(Deadline.in(afterInterrupt, platform));
        }
        return released;
    }

    private int giveUp(List<HeldJob> running) {
        int released = 0;
        for (HeldJob job : running) {
            if (job.end()) {
                JobInfo info = job.info();
                reporter.publish(new HandlerStuck(info.id(), info.type(), info.attempt()));
                completion.add(verdict.stopped(job));
                released++;
            }
        }
        return released;
    }

    private List<HeldJob> running() {
        return held.all().stream().filter(HeldJob::isRunning).toList();
    }

    private boolean awaitQuiet(Duration time) {
        return Deadline.in(time, platform).await(monitor, () -> busy == 0);
    }

    /** The next job to run; empty: there are no more. */
    Optional<HeldJob> next() {
        return deliveries.take();
    }

    /** A worker has taken a job, and is about to begin it: there is room for another delivery. */
    void began() {
        count(1, 0);
        onRoom.run();
    }

    /** A worker met what it did not expect, and goes on. */
    void failed(Throwable fault) {
        reporter.publish(new DutyFailed("worker", fault));
    }

    /** A worker's handler has returned. An abandoned worker was counted out when it was abandoned. */
    void done(boolean abandoned) {
        count(abandoned ? 0 : -1, abandoned ? -1 : 0);
        onRoom.run();
    }

    /** A worker is left to a handler that does not end, and another takes its place. */
    void replaceAbandoned() {
        count(-1, 1);
        startOne();
    }

    private void count(int moreBusy, int moreStuck) {
        monitor.lock();
        try {
            busy += moreBusy;
            stuck += moreStuck;
            monitor.signalAll();
        } finally {
            monitor.unlock();
        }
    }
}
