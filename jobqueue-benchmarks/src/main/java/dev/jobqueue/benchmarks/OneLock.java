package dev.jobqueue.benchmarks;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A bare store in memory: one lock, claims in order, a record a job; each worker records its last job and claims its next
 * under one lock.
 */
final class OneLock implements Contestant {
    private enum Status {
        PENDING,
        PROCESSING,
        COMPLETED
    }

    private record Job(long id, int priority, long runAt, Status status, int attempt, String payload) {
        Job with(Status next, int ofAttempt) {
            return new Job(id, priority, runAt, next, ofAttempt, payload);
        }
    }

    private final Map<Long, Job> jobs = new HashMap<>();
    private final PriorityQueue<Job> pending = new PriorityQueue<>(
            Comparator.comparingInt(Job::priority).thenComparingLong(Job::runAt).thenComparingLong(Job::id));
    private final Runnable handler;
    private int finished;
    private boolean closed;

    OneLock(Runnable handler) {
        this.handler = handler;
    }

    @Override
    public void submit() {
        submitAll(1);
    }

    @Override
    public void submitAll(int number) {
        for (int left = number; left > 0; left -= STORED_AT_ONCE) {
            insert(Collections.nCopies(Math.min(STORED_AT_ONCE, left), TEXT));
        }
    }

    private synchronized void insert(List<String> payloads) {
        long now = System.currentTimeMillis();
        for (String payload : payloads) {
            Job job = new Job(jobs.size(), 5, now, Status.PENDING, 0, payload);
            jobs.put(job.id(), job);
            pending.add(job);
        }
        notifyAll();
    }

    @Override
    public void start() {
        for (int i = 0; i < WORKERS; i++) {
            new Thread(this::workUntilClosed, "worker-" + i).start();
        }
    }

    private void workUntilClosed() {
        try {
            for (Job job = completeAndClaim(null); job != null; job = completeAndClaim(job)) {
                handler.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Null when it is over. */
    private synchronized @Nullable Job completeAndClaim(@Nullable Job last) throws InterruptedException {
        if (last != null) {
            complete(last);
        }
        while (pending.isEmpty() && !closed) {
            wait();
        }
        Job due = pending.poll();
        if (due == null) {
            return null;
        }
        Job claimed = due.with(Status.PROCESSING, due.attempt() + 1);
        jobs.put(claimed.id(), claimed);
        return claimed;
    }

    private void complete(Job job) {
        Job stored = jobs.get(job.id());
        if (stored != null && stored.status() == Status.PROCESSING && stored.attempt() == job.attempt()) {
            jobs.put(job.id(), stored.with(Status.COMPLETED, stored.attempt()));
            finished++;
            if (finished == jobs.size()) {
                notifyAll();
            }
        }
    }

    @Override
    public synchronized void awaitFinished() throws InterruptedException {
        while (finished < jobs.size()) {
            wait();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
