package dev.jobqueue.core.simulation;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One simulated thread: runs only while it has the baton. Its fields belong to whoever has that. */
final class Task {
    enum State {
        /** Can go on, when it gets the baton. */
        READY,
        /** Until its monitor is free, or for good. */
        BLOCKED,
        /** Until woken, interrupted or its time is over. */
        WAITING,
        /** Unwound as soon as it gets the baton. */
        DYING,
        OVER
    }

    final Scheduler scheduler;
    final Process process;
    final String name;
    final int number;
    private final Runnable body;

    State state = State.READY;
    /** Whether an interrupt ends its wait. */
    boolean interruptible;
    /** Which of its waits this is: an alarm for an earlier one is void. */
    long wait;
    /** What it waits or is blocked for. */
    @Nullable
    Object at;

    boolean timedOut;

    Carriers.@Nullable Carrier carrier;

    private volatile boolean baton;
    private volatile boolean interrupted;

    Task(Scheduler scheduler, Process process, String name, int number, Runnable body) {
        this.scheduler = scheduler;
        this.process = process;
        this.name = name;
        this.number = number;
        this.body = body;
    }

    /** All of its life, on its carrier, which was given the baton. */
    void live(Carriers.Carrier on) {
        try {
            if (!process.isGone()) {
                body.run();
            }
        } catch (Vanished gone) {
            // as it should
        } catch (Throwable thrown) {
            scheduler.fail("thread " + name + " of " + process + " died of " + thrown, thrown);
        }
        scheduler.over(this, on);
    }

    /** Gives it the baton: the caller must not do anything any more but {@link #awaitBaton()} or end. */
    void giveBaton() {
        baton = true;
        Carriers.Carrier on = carrier;
        if (on != null) {
            LockSupport.unpark(on.thread);
        }
    }

    /** An interrupt must not make the real thread spin here; it is the simulated one's, and stands again when it goes on. */
    void awaitBaton() {
        while (!baton) {
            LockSupport.park(this);
            if (Thread.currentThread().isInterrupted()) {
                interrupted = true;
                Thread.interrupted();
            }
        }
        baton = false;
        if (interrupted) {
            interrupted = false;
            Thread.currentThread().interrupt();
        }
    }

    boolean isOnItsCarrier() {
        Carriers.Carrier on = carrier;
        return on != null && on.thread == Thread.currentThread();
    }

    /** Whether it has been given the baton, and has not taken it. */
    boolean wasGivenBaton() {
        return baton;
    }

    boolean isInterrupted() {
        Carriers.Carrier on = carrier;
        return on != null && on.thread.isInterrupted() || interrupted;
    }

    @Override
    public String toString() {
        return name;
    }
}
