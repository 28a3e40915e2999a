package dev.jobqueue.core;

import dev.jobqueue.JobClient;
import dev.jobqueue.core.completion.Completion;
import dev.jobqueue.core.delivery.DeliveryQueue;
import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.core.delivery.HeldJobs;
import dev.jobqueue.core.dispatch.Dispatcher;
import dev.jobqueue.core.membership.Member;
import dev.jobqueue.core.recovery.Rescue;
import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.runtime.Backoff;
import dev.jobqueue.core.runtime.Deadline;
import dev.jobqueue.core.runtime.Duty;
import dev.jobqueue.core.runtime.DutyLoop;
import dev.jobqueue.core.runtime.Monitor;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.core.work.Workers;
import dev.jobqueue.event.DutyFailed;
import dev.jobqueue.event.StoreUnavailable;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The parts of a queue that live from a start to the next stop. */
final class Running {
    /** How long an interrupted handler has, and what is left to be written. */
    private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(5);
    /** How long the loops have to end a store call that is under way, and results to be written. */
    private static final Duration CALLS = Duration.ofSeconds(10);

    /** Three times what a store call may take. */
    private static final Duration STUCK = Dispatcher.CALL_BOUND.multipliedBy(3);

    private final Platform platform;
    private final Reporter reporter;
    private final Member member;
    private final HeldJobs held = new HeldJobs();
    private final DeliveryQueue<HeldJob> deliveries;
    private final Completion completion;
    private final Workers workers;
    private final Dispatcher dispatcher;
    private final Rescue rescue;
    private final DutyLoop completionLoop;
    private final DutyLoop dispatchLoop;
    private final DutyLoop rescueLoop;
    private final Consumer<Change> onApplied;

    /**
     * Not yet started.
     *
     * @param client what handlers submit with
     * @param rescues whether recovery left an orphan
     * @param onApplied told of each change that the store has made
     */
    Running(
            Platform platform,
            Reporter reporter,
            JobStore store,
            Settings settings,
            Member member,
            JobClient client,
            boolean rescues,
            Consumer<Change> onApplied) {
        this.platform = platform;
        this.reporter = reporter;
        this.member = member;
        this.onApplied = onApplied;
        String threads = "jobqueue-" + settings.nodeName();
        deliveries = new DeliveryQueue<>(platform, settings.deliveryCapacity());
        completion = new Completion(platform, store, reporter, this::applied, this::wakeCompletion, this::roomCame);
        workers = new Workers(
                platform,
                reporter,
                threads,
                settings.workers(),
                settings.handlers(),
                deliveries,
                held,
                completion,
                this::roomCame,
                member::mayBegin,
                client);
        dispatcher = new Dispatcher(
                platform,
                reporter,
                store,
                member,
                settings.queues(),
                settings.handlers().types(),
                settings.poll(store.traits()),
                deliveries,
                held,
                completion,
                workers,
                settings.lease().renewal());
        rescue = new Rescue(
                platform, reporter, store, settings.recovery(), settings.lease(), rescues, this::hearAnything);
        completionLoop = loop(threads + "-completion", completion);
        dispatchLoop = loop(threads + "-dispatch", dispatcher);
        rescueLoop = loop(threads + "-rescue", rescue);
    }

    private DutyLoop loop(String name, Duty duty) {
        return new DutyLoop(platform, name, duty, fault -> reporter.publish(new DutyFailed(name, fault)));
    }

    void start() {
        completionLoop.start();
        dispatchLoop.start();
        if (rescue.isNeeded()) {
            rescueLoop.start();
        }
    }

    /** What a stop had to leave. */
    record Stopped(int released, int unsettled) {}

    /**
     * Begins no handler any more, claims no more, ends the work, writes every result, gives back what was claimed and never
     * arrived, and leaves.
     */
    Stopped stop(Duration grace) {
        List<HeldJob> unstarted = workers.beginNoMore();
        Deadline calls = Deadline.in(CALLS, platform);
        dispatchLoop.stop();
        rescueLoop.stop();
        boolean claimsEnded = dispatchLoop.awaitEnd(calls);
        rescueLoop.awaitEnd(calls);
        workers.giveBack(unstarted);
        int released = unstarted.size() + workers.stop(grace, AFTER_INTERRUPT);
        Deadline results = Deadline.in(CALLS, platform);
        boolean settled = completion.awaitSettled(results);
        if (settled && claimsEnded) {
            compare(results);
        }
        tried(member::leave, results).ifPresent(failure -> reporter.publish(new StoreUnavailable("leave", failure)));
        if (settled && claimsEnded && dispatcher.claimUnknown()) {
            compare(results);
        }
        member.stop(results);
        completionLoop.stop();
        completionLoop.awaitEnd(results);
        return new Stopped(released, completion.unsettled());
    }

    private void compare(Deadline results) {
        tried(dispatcher::compareNow, results);
        completion.awaitSettled(results);
    }

    /**
     * Makes a store call again and again, until it succeeds or time is over; returns what it threw last, if it never did. An
     * interrupt, as of a handler that closes its queue, makes no call fail, but the thread keeps its flag.
     */
    private Optional<RuntimeException> tried(Runnable storeCall, Deadline deadline) {
        Monitor nobodySignals = platform.newMonitor();
        for (int tries = 1; ; tries++) {
            boolean interrupted = Thread.interrupted();
            try {
                storeCall.run();
                return Optional.empty();
            } catch (RuntimeException e) {
                Duration pause = Backoff.after(tries, platform);
                if (pause.compareTo(deadline.left()) > 0) {
                    return Optional.of(e);
                }
                Deadline.in(pause, platform).await(nobodySignals, () -> false);
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private void applied(Change change) {
        if (change.to().equals(Optional.of(JobStatus.PENDING))) {
            change.runAt().ifPresentOrElse(this::hear, this::hearAnything);
        }
        onApplied.accept(change);
    }

    /** A job of a kind that this node handles is PENDING, due then. */
    void hear(Instant runAt) {
        if (dispatcher.hear(runAt)) {
            wakeDispatcher();
        }
    }

    /** Whether dispatch and completion go on: neither is stuck in a call that should have ended long ago. */
    boolean goesOn() {
        return !dispatchLoop.isStuckFor(STUCK) && !completionLoop.isStuckFor(STUCK);
    }

    /** The node is another incarnation, or none. */
    void memberChanged() {
        dispatcher.hearAnything();
        wakeDispatcher();
    }

    /** Another node has ended, perhaps. */
    void rescueNow() {
        rescueLoop.wake();
    }

    /** Jobs may have become claimable. */
    void hearAnything() {
        if (dispatcher.hearAnything()) {
            wakeDispatcher();
        }
    }

    /** The job was cancelled: a handler that runs is told so, and none begins. */
    void cancelled(JobInfo seen) {
        dispatcher.cancelled(seen);
    }

    /** How many jobs it has held since its start. */
    long held() {
        return held.added();
    }

    /** As {@link #holdsNothing}, but for jobs that were cancelled, and whose handlers do not heed it. */
    boolean holdsNothingOpen() {
        return held.all().stream().allMatch(HeldJob::isCancelled);
    }

    boolean holdsNothing() {
        return held.size() == 0;
    }

    int busy() {
        return workers.busy();
    }

    int stuck() {
        return workers.stuck();
    }

    int delivered() {
        return deliveries.size();
    }

    int unsettled() {
        return completion.unsettled();
    }

    List<String> problems() {
        List<String> problems = new ArrayList<>();
        dispatcher.condition().problem().ifPresent(problems::add);
        completion.condition().problem().ifPresent(problems::add);
        rescue.condition().problem().ifPresent(problems::add);
        if (stuck() > 0) {
            problems.add(stuck() + " handlers go on although they were told to stop");
        }
        return problems;
    }

    private void wakeCompletion() {
        completionLoop.wake();
    }

    private void roomCame() {
        if (dispatcher.hearRoom()) {
            wakeDispatcher();
        }
    }

    private void wakeDispatcher() {
        dispatchLoop.wake();
    }
}
