package dev.jobqueue.core.simulation;

import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Real threads that run simulated ones, kept from one run to the next. Only who has the baton uses this. On Java 21 and later
 * they are virtual threads, which pass a baton several times as fast.
 */
final class Carriers {
    private final Deque<Carrier> idle = new ArrayDeque<>();
    private final boolean virtual;
    private volatile boolean closed;

    Carriers() {
        virtual = Runtime.version().feature() >= 21 && !Boolean.getBoolean("simulation.platformThreads");
    }

    /** A thread that runs one task after another, and waits in between. */
    final class Carrier implements Runnable {
        final Thread thread = newThread(this);
        private volatile @Nullable Task assigned;

        @Override
        public void run() {
            while (true) {
                Task task = assigned;
                while (task == null) {
                    if (closed) {
                        return;
                    }
                    LockSupport.park(this);
                    Thread.interrupted(); // came too late for the task before: with it, this would spin
                    task = assigned;
                }
                assigned = null;
                Thread.interrupted(); // the flag of the task before
                task.live(this);
            }
        }

        /** Runs this task next. */
        void assign(Task task) {
            assigned = task;
            LockSupport.unpark(thread);
        }

        /** Is free for the next task, as soon as it has handed the baton on. */
        void free() {
            idle.push(this);
        }
    }

    Carrier take() {
        Carrier carrier = idle.poll();
        if (carrier == null) {
            carrier = new Carrier();
            carrier.thread.start();
        }
        return carrier;
    }

    /** Ends them all, after a run. */
    void close() {
        closed = true;
        idle.forEach(carrier -> LockSupport.unpark(carrier.thread));
    }

    private Thread newThread(Runnable body) {
        if (virtual) {
            return newVirtualThread(body);
        }
        Thread thread = new Thread(body, "simulated");
        thread.setDaemon(true);
        return thread;
    }

    private static Thread newVirtualThread(Runnable body) {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Method unstarted = Class.forName("java.lang.Thread$Builder").getMethod("unstarted", Runnable.class);
            return (Thread) unstarted.invoke(builder, body);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
