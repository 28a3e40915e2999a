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
 * <p>Of those who wait to take, one is called at a time, and calls the next if it leaves something: so work that is over
 * sooner than a thread wakes up wakes few, and long work all of them.
 *
 * @param <E> what it hands on
 */
public final class DeliveryQueue<E> {
    private static final Duration UNTIL_CALLED = Duration.ofHours(1);

    private final int capacity;
    private final Monitor monitor;
    private final Deque<E> items = new ArrayDeque<>();
    private volatile int size;
    private boolean closed;
    private int waiting;
    /** One of those who wait was called, and has not come yet. */
    private boolean called;

    /** Takes up to {@code capacity} items. */
    public DeliveryQueue(Platform platform, int capacity) {
        this.capacity = capacity;
        this.monitor = platform.newMonitor();
    }

    /** Takes an item, unless full or closed. Never waits. */
    public boolean offer(E item) {
        return offerAll(List.of(item));
    }

    /** Takes all of these, or, if there is not room for all or it is closed, none. Never waits. */
    public boolean offerAll(List<E> more) {
        monitor.lock();
        try {
            if (closed || items.size() + more.size() > capacity) {
                return false;
            }
            items.addAll(more);
            size = items.size();
            callOne();
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
                awaitCall();
            }
            E item = items.poll();
            size = items.size();
            callOne();
            return Optional.ofNullable(item);
        } finally {
            monitor.unlock();
        }
    }

    private void awaitCall() {
        waiting++;
        try {
            monitor.await(UNTIL_CALLED);
        } catch (InterruptedException e) {
            // an interrupt that was meant for a handler which has just returned: nothing to stop here
        } finally {
            waiting--;
            called = false;
        }
    }

    private void callOne() {
        if (!called && waiting > 0 && !items.isEmpty()) {
            called = true;
            monitor.signal();
        }
    }

    /** Hands nothing on any more, and returns what nobody took. */
    public List<E> close() {
        monitor.lock();
        try {
            closed = true;
            List<E> left = new ArrayList<>(items);
            items.clear();
            size = 0;
            monitor.signalAll();
            return left;
        } finally {
            monitor.unlock();
        }
    }

    /** How many items wait. */
    public int size() {
        return size;
    }

    /** How many items it takes. */
    public int capacity() {
        return capacity;
    }
}
