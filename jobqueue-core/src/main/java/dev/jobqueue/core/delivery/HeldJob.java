package dev.jobqueue.core.delivery;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import org.jspecify.annotations.Nullable;

/**
 * A job that this node claimed, from the claim's answer until the store has its result. Its attempt ends once: when its
 * handler returns, or its timeout is over, or the queue stops, whichever comes first. Thread-safe.
 */
public final class HeldJob {
    private final Job job;
    private @Nullable HeldJobs holder;
    private @Nullable Thread runner;
    private boolean begun;
    private boolean ended;
    private boolean released;
    private volatile boolean cancelled;

    /** As it was claimed. */
    public HeldJob(Job job) {
        this.job = job;
    }

    /** The job as it was claimed. */
    public JobInfo info() {
        return job.info();
    }

    /** Its payload. */
    public byte[] payload() {
        return job.payload();
    }

    /** This thread runs the handler now. False, and the handler must not run, if the attempt has ended already. */
    public synchronized boolean begin(Thread thread) {
        if (ended) {
            return false;
        }
        stopsWaiting();
        begun = true;
        runner = thread;
        return true;
    }

    /** Ends the attempt before its handler began. False if the handler has begun, or the attempt has ended. */
    public synchronized boolean endUnlessBegun() {
        return !begun && end();
    }

    /** The handler has returned: from now on nobody interrupts its thread. */
    public synchronized void handlerReturned() {
        runner = null;
    }

    /** Ends the attempt. True for the one caller whose verdict counts. */
    public synchronized boolean end() {
        if (ended) {
            return false;
        }
        stopsWaiting();
        ended = true;
        if (holder != null) {
            holder.ended();
        }
        return true;
    }

    /** These count it from now on. */
    synchronized void heldBy(HeldJobs jobs) {
        if (!ended) {
            holder = jobs;
            jobs.began(payload().length);
        }
    }

    private void stopsWaiting() {
        if (!begun && holder != null) {
            holder.stoppedWaiting(payload().length);
        }
    }

    /** Tells the handler to stop, and interrupts it if it runs. Returns whether it runs, and was not told before. */
    public synchronized boolean cancel() {
        boolean first = !cancelled;
        cancelled = true;
        if (runner != null) {
            runner.interrupt();
        }
        return first && runner != null;
    }

    /** As {@link #cancel}, because the queue stops: a handler that fails of it has not failed. */
    public synchronized boolean release() {
        released = true;
        return cancel();
    }

    /** Whether the handler was told to stop. */
    public boolean isCancelled() {
        return cancelled;
    }

    /** Whether the handler was told to stop because the queue stops. */
    public synchronized boolean isReleased() {
        return released;
    }

    /** Whether the handler runs. */
    public synchronized boolean isRunning() {
        return runner != null;
    }

    /** Whether the attempt has ended, so that its result is on its way. */
    public synchronized boolean isEnded() {
        return ended;
    }
}
