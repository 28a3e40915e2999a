package dev.jobqueue.core.runtime;

import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The real world: the host's clock, the JVM's threads. */
public final class RealPlatform implements Platform {
    /** The first Java version with virtual threads. */
    public static final int VIRTUAL_THREADS_SINCE = 21;

    private final InstantSource clock;
    private final boolean virtualWorkers;
    private final SplittableRandom random = new SplittableRandom(seed());

    /** With the host's clock; handlers run on virtual threads if asked for, which the caller knows to be there. */
    public RealPlatform(InstantSource clock, boolean virtualWorkers) {
        this.clock = clock;
        this.virtualWorkers = virtualWorkers;
    }

    /** Bits that no other process has. From where there are some, as SecureRandom takes 20 to 40 ms of a JVM's start to load. */
    private static long seed() {
        try (DataInputStream random = new DataInputStream(new FileInputStream("/dev/urandom"))) {
            return random.readLong();
        } catch (IOException none) {
            return new SecureRandom().nextLong();
        }
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Monitor newMonitor() {
        return new RealMonitor();
    }

    @Override
    public Thread newThread(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public Thread newWorker(String name, Runnable body) {
        return virtualWorkers ? newVirtualThread(name, body) : newThread(name, body);
    }

    /** {@code Thread.ofVirtual().name(name).unstarted(body)}, which Java 17 does not know. */
    private static Thread newVirtualThread(String name, Runnable body) {
        try {
            Class<?> builderType = Class.forName("java.lang.Thread$Builder");
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            builderType.getMethod("name", String.class).invoke(builder, name);
            return (Thread) builderType.getMethod("unstarted", Runnable.class).invoke(builder, body);
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException("virtual threads need Java " + VIRTUAL_THREADS_SINCE, e);
        }
    }

    @Override
    public synchronized long randomLong() {
        return random.nextLong();
    }

    private static final class RealMonitor implements Monitor {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();

        @Override
        public void lock() {
            lock.lock();
        }

        @Override
        public void unlock() {
            lock.unlock();
        }

        @Override
        public void signal() {
            changed.signal();
        }

        @Override
        public void signalAll() {
            changed.signalAll();
        }

        @Override
        @SuppressWarnings("WaitNotInLoop") // the callers loop
        public void await(Duration longest) throws InterruptedException {
            changed.awaitNanos(Math.max(1, longest.toNanos()));
        }
    }
}
