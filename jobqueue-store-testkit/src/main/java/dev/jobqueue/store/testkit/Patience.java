package dev.jobqueue.store.testkit;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Waits with a bound: for a condition, or for the work of several threads. */
final class Patience {
    private static final long LOOK_AGAIN_MILLIS = 10;

    private Patience() {}

    /** Waits until the condition holds, or the time is over; the caller asserts what it expects. */
    static void until(Duration bound, BooleanSupplier condition) {
        long end = System.nanoTime() + bound.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() - end < 0) {
            awaitOrGoOn(new CountDownLatch(1), LOOK_AGAIN_MILLIS);
        }
    }

    static boolean awaitOrGoOn(CountDownLatch latch, long millis) {
        try {
            return latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Runs the works on a thread each, all begun together; what they return, in their order. */
    static <T> List<T> together(Duration bound, List<? extends Callable<T>> works) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(works.size());
        try {
            CountDownLatch begin = new CountDownLatch(1);
            List<Future<T>> running = new ArrayList<>();
            for (Callable<T> work : works) {
                running.add(threads.submit(() -> {
                    begin.await();
                    return work.call();
                }));
            }
            begin.countDown();
            List<T> results = new ArrayList<>();
            for (Future<T> each : running) {
                results.add(resultOf(each, bound));
            }
            return results;
        } finally {
            threads.shutdownNow();
            threads.awaitTermination(bound.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static <T> T resultOf(Future<T> work, Duration bound) throws Exception {
        try {
            return work.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (TimeoutException e) {
            return fail("a store call did not end within " + bound, e);
        }
    }
}
