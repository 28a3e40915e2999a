package dev.jobqueue.core.given;

import static org.junit.jupiter.api.Assertions.fail;

import dev.jobqueue.event.JobQueueEvent;
import dev.jobqueue.event.JobQueueListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A listener that remembers what it was told, and for which a test can wait. Thread-safe. */
public final class HeardEvents implements JobQueueListener {
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final List<JobQueueEvent> events = new ArrayList<>();

    @Override
    public synchronized void onEvent(JobQueueEvent event) {
        events.add(event);
        notifyAll();
    }

    /** All events of this kind, so far. */
    public synchronized <E extends JobQueueEvent> List<E> all(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The one event of this kind, for which it does not wait. */
    public <E extends JobQueueEvent> E only(Class<E> kind) {
        List<E> all = all(kind);
        return all.size() == 1 ? all.get(0) : fail("not one " + kind.getSimpleName() + " but " + all);
    }

    /** The first event of this kind, for which it waits. */
    public <E extends JobQueueEvent> E await(Class<E> kind) throws InterruptedException {
        return await(kind, 1).get(0);
    }

    /** The first so many events of this kind, for which it waits. */
    public synchronized <E extends JobQueueEvent> List<E> await(Class<E> kind, int number) throws InterruptedException {
        long end = System.nanoTime() + LONGEST_NANOS;
        while (all(kind).size() < number) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                fail("waited in vain for " + number + " of " + kind.getSimpleName() + "; heard " + events);
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return all(kind).subList(0, number);
    }

    @Override
    public synchronized String toString() {
        return events.toString();
    }
}
