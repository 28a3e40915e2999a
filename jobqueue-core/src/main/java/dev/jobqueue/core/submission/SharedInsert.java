package dev.jobqueue.core.submission;

import dev.jobqueue.core.runtime.Monitor;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Concurrent submits share one insert, with no thread and no timer: the first caller leads and carries along the jobs of
 * all that came while the insert before was under way. A lone caller waits for nobody.
 */
final class SharedInsert {
    private static final Duration UNTIL_SIGNALLED = Duration.ofHours(1);

    private final JobStore store;
    private final Monitor monitor;
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private boolean inserting;

    SharedInsert(Platform platform, JobStore store) {
        this.store = store;
        this.monitor = platform.newMonitor();
    }

    /** One caller's jobs, which stay together, and the answer for them, which the leader's thread writes. */
    private static final class Entry {
        final List<Job> jobs;
        volatile @Nullable List<InsertOutcome> outcomes;
        volatile @Nullable RuntimeException failure;

        Entry(List<Job> jobs) {
            this.jobs = jobs;
        }

        boolean isAnswered() {
            return outcomes != null || failure != null;
        }

        List<InsertOutcome> answer() {
            RuntimeException thrown = failure;
            if (thrown != null) {
                throw thrown;
            }
            return Objects.requireNonNull(outcomes);
        }
    }

    /** Inserts these jobs in one batch, perhaps together with others'. Throws what the store throws about them. */
    List<InsertOutcome> insert(List<Job> jobs) {
        Entry own = new Entry(jobs);
        if (!await(own)) {
            return own.answer();
        }
        try {
            send(collect());
        } finally {
            handOver(own);
        }
        return own.answer();
    }

    /** How many callers wait for their turn. */
    int waiting() {
        monitor.lock();
        try {
            return waiting.size();
        } finally {
            monitor.unlock();
        }
    }

    /** Waits for a leader to answer, or for the lead. Returns whether this caller leads. */
    private boolean await(Entry own) {
        boolean interrupted = false;
        monitor.lock();
        try {
            waiting.add(own);
            while (!own.isAnswered() && (inserting || waiting.peekFirst() != own)) {
                try {
                    monitor.await(UNTIL_SIGNALLED);
                } catch (InterruptedException e) {
                    interrupted = true; // the jobs may be on their way: the answer must be waited for
                }
            }
            inserting |= !own.isAnswered();
            return !own.isAnswered();
        } finally {
            monitor.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The first of those that wait, as many as fit into one batch which names no id twice. */
    private List<Entry> collect() {
        int most = store.traits().maxBatch();
        List<Entry> batch = new ArrayList<>();
        Set<JobId> ids = new HashSet<>();
        monitor.lock();
        try {
            int jobs = 0;
            while (!waiting.isEmpty()) {
                Entry next = waiting.getFirst();
                jobs += next.jobs.size();
                boolean fits = jobs <= most && next.jobs.stream().allMatch(job -> ids.add(job.id()));
                if (!fits && !batch.isEmpty()) {
                    break;
                }
                batch.add(waiting.removeFirst());
            }
        } finally {
            monitor.unlock();
        }
        return batch;
    }

    private void send(List<Entry> batch) {
        boolean interrupted = Thread.interrupted(); // the leader's, for which the others must not be refused
        try {
            List<Job> jobs = new ArrayList<>();
            batch.forEach(entry -> jobs.addAll(entry.jobs));
            List<InsertOutcome> outcomes = store.insert(jobs);
            if (outcomes.size() != jobs.size()) {
                throw new OutcomeUnknownException(
                        "insert must answer each of " + jobs.size() + " jobs, but answered " + outcomes.size(), null);
            }
            int from = 0;
            for (Entry entry : batch) {
                int to = from + entry.jobs.size();
                entry.outcomes = outcomes.subList(from, to);
                from = to;
            }
        } catch (IllegalArgumentException e) {
            if (batch.size() == 1) {
                batch.get(0).failure = e;
            } else {
                batch.forEach(entry -> send(List.of(entry))); // nobody pays for another's fault
            }
        } catch (StoreException e) {
            batch.forEach(entry -> entry.failure = e);
        } catch (RuntimeException | Error e) {
            // no answer that the contract knows, so the jobs may be stored; and whoever is carried along must not wait
            batch.forEach(entry -> entry.failure = new OutcomeUnknownException("insert failed: " + e, e));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whatever happened, who led does not stand in the others' way. */
    private void handOver(Entry leader) {
        monitor.lock();
        try {
            waiting.remove(leader);
            inserting = false;
            monitor.signalAll();
        } finally {
            monitor.unlock();
        }
    }
}
