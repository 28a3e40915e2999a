package dev.jobqueue.core.report;

import dev.jobqueue.core.runtime.Deadline;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.event.EventsDropped;
import dev.jobqueue.event.JobQueueEvent;
import dev.jobqueue.event.JobQueueListener;
import dev.jobqueue.event.ListenerFailed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Hands events to the log at once, and to the listeners in order: on the caller's thread while the queue does not run, on
 * one thread of its own while it does. What that thread's buffer can't take is dropped and counted.
 */
public final class Reporter {
    private final Platform platform;
    private final List<JobQueueListener> listeners;
    private final EventLog log = new EventLog();
    private final AtomicLong droppedBefore = new AtomicLong();
    private volatile @Nullable ListenerThread thread;

    /** For these listeners. */
    public Reporter(Platform platform, List<JobQueueListener> listeners) {
        this.platform = platform;
        this.listeners = List.copyOf(listeners);
    }

    /** Whether anybody wants to hear of each job that went well. */
    public boolean tellsOfEachJob() {
        return !listeners.isEmpty() || log.isDebugEnabled();
    }

    /** Something happened. */
    public void publish(JobQueueEvent event) {
        write(event);
        ListenerThread running = thread;
        if (!listeners.isEmpty() && (running == null || !running.offer(event))) {
            tell(event);
        }
    }

    /** From now on listeners are told by a thread of their own, if there are any. */
    public void start(String threadName) {
        if (!listeners.isEmpty()) {
            ListenerThread started = new ListenerThread(
                    platform, threadName, this::tellBuffered, fault -> write(new ListenerFailed("all", fault)));
            started.start();
            thread = started;
        }
    }

    /** The caller may have to wait for the queue: if it is a listener that is being told, nobody waits for it meanwhile. */
    public void callsBack() {
        ListenerThread running = thread;
        if (running != null) {
            running.callsBack();
        }
    }

    /**
     * Ends that thread, when it has told what is buffered. A listener that does not return is left behind; one that
     * {@linkplain #callsBack calls back} is told the rest when it returns.
     */
    public void stop(Duration longest) {
        ListenerThread ending = thread;
        if (ending == null) {
            return;
        }
        long untold = ending.stop(Deadline.in(longest, platform));
        if (untold > 0) {
            write(new EventsDropped(untold));
        }
        droppedBefore.addAndGet(ending.dropped());
        thread = null;
    }

    /** How many events were dropped so far. */
    public long dropped() {
        ListenerThread running = thread;
        return droppedBefore.get() + (running == null ? 0 : running.dropped());
    }

    /** Who publishes goes on: a log that fails must cost no job, worker or lease; and there is nobody left to tell. */
    private void write(JobQueueEvent event) {
        try {
            log.write(event);
        } catch (Throwable untold) {
            // see above
        }
    }

    private void tellBuffered(JobQueueEvent event) {
        if (event instanceof EventsDropped) {
            write(event);
        }
        tell(event);
    }

    private void tell(JobQueueEvent event) {
        for (JobQueueListener listener : listeners) {
            try {
                listener.onEvent(event);
            } catch (Throwable thrown) {
                write(new ListenerFailed(listener.getClass().getName(), thrown));
            }
        }
    }
}
