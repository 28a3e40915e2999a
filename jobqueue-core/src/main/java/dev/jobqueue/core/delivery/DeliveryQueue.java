package dev.jobqueue.core.delivery;

import dev.jobqueue.core.runtime.Monitor;
import dev.jobqueue.core.runtime.Platform;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The bounded hand-off from the store to the workers; owns nothing. Between build and start it holds references to due
 * jobs, from then on claimed jobs.
 *
 * @param <E> what it hands on
 */
public final class DeliveryQueue<E> {
    private static final Duration UNTIL_SIGNALLED = Duration.ofHours(1);

    private final int capacity;
    private final Monitor monitor;
    private final Deque<E> items = new ArrayDeque<>();
    private boolean closed;

    /** Takes up to {@code capacity} items. */
    public DeliveryQueue(Platform platform, int capacity) {
        this.capacity = capacity;
        this.monitor = platform.newMonitor();
    }

    /** Takes an item, unless full or closed. Never waits. */
    public boolean offer(E item) {
        monitor.lock();
        try {
            if (closed || items.size() >= capacity) {
                return false;
            }
            items.add(item);
            monitor.signal();
            return true;
        } finally {
            monitor.unlock();
        }
    }

    /** The next item, for which it waits; empty once closed. */
    public Optional<E> take() {
        monitor.lock();
        try {
            while (items.isEmpty() && !closed) {
                try {
                    monitor.await(UNTIL_SIGNALLED);
                } catch (InterruptedException e) {
                    // an interrupt that was meant for a handler which has just returned: nothing to stop here
                }
            }
            return Optional.ofNullable(items.poll());
        } finally {
            monitor.unlock();
        }
    }

    /** Hands nothing on any more, and returns what nobody took. */
    public List<E> close() {
        monitor.lock();
        try {
            closed = true;
            List<E> left = new ArrayList<>(items);
            items.clear();
            monitor.signalAll();
            return left;
        } finally {
            monitor.unlock();
        }
    }

    /** How many items wait. */
    public int size() {
        monitor.lock();
        try {
            return items.size();
        } finally {
            monitor.unlock();
        }
    }

    /** How many items it takes. */
    public int capacity() {
        return capacity;
    }
}
