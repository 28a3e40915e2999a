package dev.jobqueue.core.runtime;

import java.time.Duration;
import java.util.function.Consumer;

/** Runs a duty on a thread of its own, until stopped: waits as long as it says, or until somebody wakes it. */
public final class DutyLoop {
    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(1);

    private final Duty duty;
    private final Consumer<Throwable> onFault;
    private final Monitor monitor;
    private final Thread thread;
    private final Platform platform;
    private boolean inDuty;
    private long dutyBegan;
    private boolean woken;
    private boolean stopping;
    private boolean started;
    private boolean running;

    /**
     * Not yet started.
     *
     * @param onFault told of what the duty throws, which is a fault of this library's; the loop goes on
     */
    public DutyLoop(Platform platform, String name, Duty duty, Consumer<Throwable> onFault) {
        this.platform = platform;
        this.duty = duty;
        this.onFault = onFault;
        this.monitor = platform.newMonitor();
        this.thread = platform.newThread(name, this::run);
    }

    /** Starts the thread. */
    public void start() {
        monitor.lock();
        try {
            startThread();
        } finally {
            monitor.unlock();
        }
    }

    private void startThread() {
        try {
            running = true;
            thread.start();
            started = true;
        } finally {
            running = started; // no thread can be had: nobody shall wait for its end
        }
    }

    /** Has the duty run soon, if it waits. */
    public void wake() {
        monitor.lock();
        try {
            signal();
        } finally {
            monitor.unlock();
        }
    }

    /** As {@link #wake}; the first time, this starts the thread: for a duty that many queues never need. */
    public void startOrWake() {
        monitor.lock();
        try {
            if (!started && !stopping) {
                startThread();
            }
            signal();
        } finally {
            monitor.unlock();
        }
    }

    private void signal() {
        if (!woken) {
            woken = true;
            monitor.signalAll();
        }
    }

    /** Has the loop end after the run that is under way. */
    public void stop() {
        monitor.lock();
        try {
            stopping = true;
            monitor.signalAll();
        } finally {
            monitor.unlock();
        }
    }

    /** Waits until the loop has ended, if it was started. Returns whether it has, in time; its own thread need not wait. */
    public boolean awaitEnd(Deadline deadline) {
        return deadline.await(monitor, () -> !running || isOnItsThread());
    }

    /** Whether the caller is what the loop runs. */
    public boolean isOnItsThread() {
        return Thread.currentThread() == thread;
    }

    private void run() {
        try {
            while (!isStopping()) {
                pause(runDuty());
            }
        } finally {
            setRunning(false);
        }
    }

    private void setRunning(boolean now) {
        monitor.lock();
        try {
            running = now;
            monitor.signalAll();
        } finally {
            monitor.unlock();
        }
    }

    private Duration runDuty() {
        setInDuty(true);
        try {
            return duty.runOnce().next();
        } catch (Throwable fault) {
            onFault.accept(fault);
            return AFTER_A_FAULT;
        } finally {
            setInDuty(false);
        }
    }

    private void setInDuty(boolean now) {
        monitor.lock();
        try {
            inDuty = now;
            dutyBegan = platform.nanoTime();
        } finally {
            monitor.unlock();
        }
    }

    /** Whether one run of the duty has taken longer than this by now. */
    public boolean isStuckFor(Duration time) {
        monitor.lock();
        try {
            return inDuty && platform.nanoTime() - dutyBegan > time.toNanos();
        } finally {
            monitor.unlock();
        }
    }

    private boolean isStopping() {
        monitor.lock();
        try {
            return stopping;
        } finally {
            monitor.unlock();
        }
    }

    private void pause(Duration next) {
        monitor.lock();
        try {
            if (!woken && !stopping && !next.isZero() && !next.isNegative()) {
                monitor.await(next);
            }
            woken = false;
        } catch (InterruptedException e) {
            // nobody has a reason to interrupt this thread: run the duty again, the flag is cleared
            woken = false;
        } finally {
            monitor.unlock();
        }
    }
}
