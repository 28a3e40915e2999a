package dev.jobqueue.core.runtime;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The real world, but its time runs a hundred times as fast: so a test of what takes ten seconds takes a tenth of one.
 * Threads can be made to fail at their start, as they do when a machine has no more of them.
 */
public final class HastyPlatform implements Platform {
    private static final int HASTE = 100;

    private final RealPlatform real = new RealPlatform(InstantSource.system(), false);
    private final long began = System.nanoTime();
    private final Instant begin = Instant.now();
    private final AtomicInteger startsLeft = new AtomicInteger(Integer.MAX_VALUE);

    /** So many threads more can be started, then one can't; after that they can again. */
    public void failThreadAfter(int starts) {
        startsLeft.set(starts);
    }

    @Override
    public Instant now() {
        return begin.plusNanos(nanoTime());
    }

    @Override
    public long nanoTime() {
        return (System.nanoTime() - began) * HASTE;
    }

    @Override
    public Monitor newMonitor() {
        Monitor monitor = real.newMonitor();
        return new Monitor() {
            @Override
            public void lock() {
                monitor.lock();
            }

            @Override
            public void unlock() {
                monitor.unlock();
            }

            @Override
            public void signal() {
                monitor.signal();
            }

            @Override
            public void signalAll() {
                monitor.signalAll();
            }

            @Override
            public void await(Duration longest) throws InterruptedException {
                monitor.await(longest.dividedBy(HASTE));
            }
        };
    }

    @Override
    public Thread newThread(String name, Runnable body) {
        Thread thread = new Thread(body, name) {
            @Override
            public void start() {
                if (startsLeft.getAndDecrement() == 0) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                super.start();
            }
        };
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public Thread newWorker(String name, Runnable body) {
        return newThread(name, body);
    }

    @Override
    public long randomLong() {
        return real.randomLong();
    }
}
