package dev.jobqueue.benchmarks;

import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What the JDK can do: a pool of threads behind a bounded queue, and a map of each job's status. No order, no fencing. */
final class ExecutorAndMap implements Contestant {
    private static final int WAITING = 10_000;

    private enum Status {
        PENDING,
        PROCESSING,
        COMPLETED
    }

    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            WORKERS, WORKERS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(WAITING), (task, pool) -> {
                try {
                    pool.getQueue().put(task); // a submit waits for room
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
    private final Map<Long, Status> statuses = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final Runnable handler;

    ExecutorAndMap(Runnable handler) {
        this.handler = handler;
    }

    @Override
    public void submit() {
        Long id = ids.incrementAndGet();
        statuses.put(id, Status.PENDING);
        executor.execute(() -> {
            statuses.put(id, Status.PROCESSING);
            handler.run();
            statuses.put(id, Status.COMPLETED);
        });
    }

    @Override
    public void submitAll(int jobs) {
        for (int i = 0; i < jobs; i++) {
            submit();
        }
    }

    @Override
    public void start() {
        executor.prestartAllCoreThreads();
    }

    @Override
    public void awaitFinished() throws InterruptedException {
        executor.shutdown();
        executor.awaitTermination(1, TimeUnit.MINUTES);
        if (statuses.containsValue(Status.PENDING) || statuses.containsValue(Status.PROCESSING)) {
            throw new IllegalStateException("jobs are left");
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
