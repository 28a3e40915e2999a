package dev.jobqueue.core.report;

import dev.jobqueue.core.runtime.Deadline;
import dev.jobqueue.core.runtime.Duty;
import dev.jobqueue.core.runtime.DutyLoop;
import dev.jobqueue.core.runtime.Monitor;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.event.EventsDropped;
import dev.jobqueue.event.JobQueueEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One thread that tells events in order, behind a bounded buffer, from a start to the next stop. Then it is used up. */
final class ListenerThread {
    private static final int BUFFERED = 10_000;
    private static final Duration UNTIL_WOKEN = Duration.ofHours(1);

    private final Consumer<JobQueueEvent> tell;
    private final Monitor monitor;
    private final DutyLoop loop;
    private final Queue<JobQueueEvent> buffer = new ArrayDeque<>();
    private boolean telling;
    /** The listener that is being told has called the queue: who stops the queue must not wait for its return. */
    private boolean callsBack;

    private boolean closed;
    private long dropped;
    private long droppedUntold;
    /** How many events stand in the buffer before the first of those that were dropped and not yet told of. */
    private int beforeDropped;

    /**
     * Not yet started.
     *
     * @param tell what to do with each event
     * @param onFault told of what that throws
     */
    ListenerThread(Platform platform, String name, Consumer<JobQueueEvent> tell, Consumer<Throwable> onFault) {
        this.tell = tell;
        this.monitor = platform.newMonitor();
        this.loop = new DutyLoop(platform, name, this::tellBuffered, onFault);
    }

    void start() {
        loop.start();
    }

    /** Takes an event to be told, or drops it if the buffer is full. False: this thread tells nothing any more. */
    boolean offer(JobQueueEvent event) {
        monitor.lock();
        try {
            if (closed) {
                return false;
            }
            if (buffer.size() < BUFFERED) {
                buffer.add(event);
            } else {
                drop();
            }
        } finally {
            monitor.unlock();
        }
        loop.wake();
        return true;
    }

    private void drop() {
        if (droppedUntold == 0) {
            beforeDropped = buffer.size();
        }
        dropped++;
        droppedUntold++;
    }

    /** The caller may have to wait for the queue. If it is a listener that is being told, nobody waits for that. */
    void callsBack() {
        if (loop.isOnItsThread()) {
            monitor.lock();
            try {
                callsBack = true;
                monitor.signalAll();
            } finally {
                monitor.unlock();
            }
        }
    }

    /**
     * Ends the thread when it has told everything, or when time is over: then what it has not told is dropped. A listener
     * that calls back is not waited for, and told the rest when it returns. Returns how many events were dropped without
     * the thread's having told of that.
     */
    long stop(Deadline deadline) {
        deadline.await(monitor, () -> {
            closed |= callsBack || (buffer.isEmpty() && !telling && droppedUntold == 0);
            return closed;
        });
        long untold = close();
        loop.stop();
        if (!isCalledBack()) {
            loop.awaitEnd(deadline);
        }
        return untold;
    }

    private boolean isCalledBack() {
        monitor.lock();
        try {
            return callsBack;
        } finally {
            monitor.unlock();
        }
    }

    private long close() {
        monitor.lock();
        try {
            closed = true;
            if (!callsBack) {
                dropped += buffer.size();
                droppedUntold += buffer.size();
                buffer.clear();
            }
            return droppedUntold;
        } finally {
            monitor.unlock();
        }
    }

    /** How many events were dropped so far. */
    long dropped() {
        monitor.lock();
        try {
            return dropped;
        } finally {
            monitor.unlock();
        }
    }

    private Duty.Turn tellBuffered() {
        int told = 0;
        for (JobQueueEvent event = next(); event != null; event = next()) {
            tell.accept(event);
            told++;
        }
        return new Duty.Turn(told, UNTIL_WOKEN);
    }

    private @Nullable JobQueueEvent next() {
        monitor.lock();
        try {
            callsBack = false;
            JobQueueEvent next;
            if (droppedUntold > 0 && !closed && beforeDropped-- == 0) {
                next = new EventsDropped(droppedUntold);
                droppedUntold = 0;
            } else {
                next = buffer.poll();
            }
            telling = next != null;
            if (!telling) {
                monitor.signalAll();
            }
            return next;
        } finally {
            monitor.unlock();
        }
    }
}
