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
import dev.jobqueue.option.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** The threads that run handlers, from start to stop of a queue; each is started when there is a job for it. */
public final class Workers {
    /** So many handlers may go on without a worker; the next that does not end keeps its own. */
    private static final int MOST_STUCK = 1_000;

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
    private final Timeouts timeouts;
    private final DutyLoop timeoutsLoop;
    private final Monitor monitor;
    private final AtomicInteger started = new AtomicInteger();
    private final Set<Worker> live = ConcurrentHashMap.newKeySet();
    /** How many threads there are; changed at the monitor, as is the next but one. */
    private final AtomicInteger alive = new AtomicInteger();

    private final AtomicInteger busy = new AtomicInteger();
    private int stuck;
    /** Somebody waits at the monitor for the end of the work. */
    private volatile boolean ending;

    /**
     * None is started yet.
     *
     * @param name what their threads' names begin with
     * @param onRoom run when a worker took a delivery or became free
     * @param mayBegin whether this node may begin a job now
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
            Predicate<JobInfo> mayBegin,
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
        this.timeouts = new Timeouts(platform, reporter, verdict, held, completion, this::abandon, this::wakeTimeouts);
        this.timeoutsLoop = new DutyLoop(
                platform, name + "-timeouts", timeouts, fault -> reporter.publish(new DutyFailed("timeouts", fault)));
        this.runner = new JobRunner(platform, reporter, handlers, verdict, completion, timeouts, mayBegin, client);
    }

    private void wakeTimeouts() {
        timeoutsLoop.startOrWake();
    }

    /** Takes jobs to run; false if no handler begins any more. Of one thread. */
    public boolean offer(List<HeldJob> jobs) {
        boolean taken = deliveries.offerAll(jobs);
        startIfWanted();
        return taken;
    }

    /** Tells the handler of this job, if it runs, that the job is this node's no longer. */
    public void cancel(HeldJob job) {
        timeouts.cancel(job);
    }

    /** Starts a thread if jobs wait, none is free for them, and there may be more. */
    public void startIfWanted() {
        if (alive.get() == number || !takesAPlace()) {
            return;
        }
        Worker worker = newWorker(runner);
        try {
            platform.newWorker(name + "-worker-" + started.incrementAndGet(), worker)
                    .start();
        } catch (Throwable e) {
            // no thread can be had now: those that run go on, and the dispatcher has this tried again
            ended(worker);
            count(-1, 0);
            reporter.publish(new DutyFailed("worker", e));
        }
    }

    private boolean takesAPlace() {
        monitor.lock();
        try {
            boolean wanted = alive.get() < number && deliveries.size() > alive.get() - busy.get();
            alive.addAndGet(wanted ? 1 : 0);
            return wanted;
        } finally {
            monitor.unlock();
        }
    }

    Worker newWorker(JobRunner runs) {
        Worker worker = new Worker(this, runs);
        live.add(worker);
        return worker;
    }

    /** How many workers there are. */
    public int number() {
        return number;
    }

    /** How many workers run a handler. */
    public int busy() {
        return busy.get();
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
        timeoutsLoop.stop();
        timeoutsLoop.awaitEnd(Deadline.in(afterInterrupt, platform));
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
        ending = true;
        return Deadline.in(time, platform).await(monitor, () -> busy.get() == 0);
    }

    /** The next job to run; empty: there are no more. */
    Optional<HeldJob> next() {
        return deliveries.take();
    }

    /** A worker has taken a job, and is about to begin it: there is room for another delivery. */
    void began() {
        busy.incrementAndGet();
        startIfWanted();
        onRoom.run();
    }

    /** A worker met what it did not expect, and goes on: its job's attempt has failed. */
    void failed(HeldJob job, Throwable fault) {
        job.handlerReturned();
        reporter.publish(new DutyFailed("worker", fault));
        if (job.end()) {
            completion.add(verdict.failed(job, RetryPolicy.defaults(), fault));
        }
    }

    /** A worker's handler has returned. An abandoned worker was counted out when it was abandoned. */
    void done(boolean abandoned) {
        if (abandoned) {
            count(0, -1);
        } else {
            notBusy();
        }
        onRoom.run();
    }

    private void notBusy() {
        busy.decrementAndGet();
        if (ending) {
            count(0, 0);
        }
    }

    /** A worker's thread is over. */
    void ended(Worker worker) {
        live.remove(worker);
    }

    /** Leaves the worker that runs this job to it; another takes its place when there is a job for it. */
    boolean abandon(HeldJob job) {
        if (stuck() >= MOST_STUCK || live.stream().noneMatch(worker -> worker.abandon(job))) {
            return false;
        }
        count(-1, 1);
        notBusy();
        startIfWanted();
        return true;
    }

    /** Tells who waits for the end of the work, too. */
    void count(int moreAlive, int moreStuck) {
        monitor.lock();
        try {
            alive.addAndGet(moreAlive);
            stuck += moreStuck;
            monitor.signalAll();
        } finally {
            monitor.unlock();
        }
    }
}
