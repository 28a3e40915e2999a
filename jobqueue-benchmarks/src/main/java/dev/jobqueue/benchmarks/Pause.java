package dev.jobqueue.benchmarks;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Lets time go by, for others to do what they do. */
final class Pause {
    private Pause() {}

    static void of(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }
}
