package dev.jobqueue.core.report;

import dev.jobqueue.core.runtime.Deadline;
import dev.jobqueue.core.runtime.Duty;
import dev.jobqueue.core.runtime.DutyLoop;
import dev.jobqueue.core.runtime.Monitor;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.event.EventsDropped;
import dev.jobqueue.event.JobQueueEvent;
import dev.jobqueue.event.JobQueueListener;
import dev.jobqueue.event.ListenerFailed;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Hands events to the log at once, and to the listeners in order: on the caller's thread while the queue does not run, on
 * one thread of its own while it does. What the buffer can't take is dropped and counted.
 */
public final class Reporter {
    private static final int BUFFERED = 10_000;
    private static final Duration LONG = Duration.ofHours(1);

    private final Platform platform;
    private final List<JobQueueListener> listeners;
    private final EventLog log = new EventLog();
    private final Monitor monitor;
    private final Queue<JobQueueEvent> buffer = new ArrayDeque<>();
    private @Nullable DutyLoop loop;
    private long dropped;
    private long droppedUntold;

    /** For these listeners. */
    public Reporter(Platform platform, List<JobQueueListener> listeners) {
        this.platform = platform;
        this.listeners = List.copyOf(listeners);
        this.monitor = platform.newMonitor();
    }

    /** Whether anybody wants to hear of each job that went well. */
    public boolean tellsOfEachJob() {
        return !listeners.isEmpty() || log.isDebugEnabled();
    }

    /** Something happened. */
    public void publish(JobQueueEvent event) {
        log.write(event);
        if (listeners.isEmpty()) {
            return;
        }
        DutyLoop told;
        monitor.lock();
        try {
            told = loop;
            if (told != null) {
                enqueue(event);
            }
        } finally {
            monitor.unlock();
        }
        if (told == null) {
            tell(event);
        } else {
            told.wake();
        }
    }

    private void enqueue(JobQueueEvent event) {
        if (buffer.size() < BUFFERED) {
            buffer.add(event);
        } else {
            dropped++;
            droppedUntold++;
        }
    }

    /** From now on listeners are told by a thread of their own, if there are any. */
    public void start(String threadName) {
        if (!listeners.isEmpty()) {
            DutyLoop started = new DutyLoop(
                    platform, threadName, this::tellBuffered, fault -> log.write(new ListenerFailed("all", fault)));
            setLoop(started);
            started.start();
        }
    }

    /** Ends that thread, when it has told what is buffered; a listener that does not return is left behind. */
    public void stop(Duration longest) {
        DutyLoop ending = loop();
        if (ending == null) {
            return;
        }
        Deadline deadline = Deadline.in(longest, platform);
        deadline.await(monitor, buffer::isEmpty);
        ending.stop();
        ending.awaitEnd(deadline);
        setLoop(null);
        tellBuffered(); // what came in meanwhile
    }

    /** How many events were dropped so far. */
    public long dropped() {
        monitor.lock();
        try {
            return dropped;
        } finally {
            monitor.unlock();
        }
    }

    private @Nullable DutyLoop loop() {
        monitor.lock();
        try {
            return loop;
        } finally {
            monitor.unlock();
        }
    }

    private void setLoop(@Nullable DutyLoop next) {
        monitor.lock();
        try {
            loop = next;
        } finally {
            monitor.unlock();
        }
    }

    private Duty.Turn tellBuffered() {
        List<JobQueueEvent> events;
        long untold;
        monitor.lock();
        try {
            events = new ArrayList<>(buffer);
            untold = droppedUntold;
            droppedUntold = 0;
        } finally {
            monitor.unlock();
        }
        events.forEach(this::tell);
        if (untold > 0) {
            EventsDropped event = new EventsDropped(untold);
            log.write(event);
            tell(event);
        }
        monitor.lock();
        try {
            for (int told = 0; told < events.size(); told++) {
                buffer.remove();
            }
            monitor.signalAll();
            return new Duty.Turn(events.size(), buffer.isEmpty() ? LONG : Duration.ZERO);
        } finally {
            monitor.unlock();
        }
    }

    private void tell(JobQueueEvent event) {
        for (JobQueueListener listener : listeners) {
            try {
                listener.onEvent(event);
            } catch (Throwable thrown) {
                log.write(new ListenerFailed(listener.getClass().getName(), thrown));
            }
        }
    }
}
