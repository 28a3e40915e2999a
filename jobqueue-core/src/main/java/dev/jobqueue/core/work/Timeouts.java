package dev.jobqueue.core.work;

import dev.jobqueue.core.completion.Completion;
import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.core.delivery.HeldJobs;
import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.runtime.Duty;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.event.HandlerCancelled;
import dev.jobqueue.event.HandlerStuck;
import dev.jobqueue.event.HandlerTimedOut;
import dev.jobqueue.job.JobInfo;
import java.time.Duration;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Ends attempts whose handlers run for longer than their type's timeout: the job is failed or retried, the handler is told
 * to stop. A handler that does not heed that for five more seconds, or that its job was cancelled, is left to itself, and
 * its worker replaced.
 */
final class Timeouts implements Duty {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration UNTIL_WOKEN = Duration.ofHours(1);

    private final Platform platform;
    private final Reporter reporter;
    private final Verdict verdict;
    private final HeldJobs held;
    private final Completion completion;
    private final Predicate<HeldJob> abandon;
    private final Runnable onEarlier;
    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentNavigableMap<Ticket, Runnable> watched = new ConcurrentSkipListMap<>();

    /**
     * Of these workers.
     *
     * @param abandon leaves the worker that runs this job to itself; false if it may not, or none does
     * @param onEarlier run when the next time is over sooner than the duty knows
     */
    Timeouts(
            Platform platform,
            Reporter reporter,
            Verdict verdict,
            HeldJobs held,
            Completion completion,
            Predicate<HeldJob> abandon,
            Runnable onEarlier) {
        this.platform = platform;
        this.reporter = reporter;
        this.verdict = verdict;
        this.held = held;
        this.completion = completion;
        this.abandon = abandon;
        this.onEarlier = onEarlier;
    }

    /** A place in the order of deadlines; the number tells equal ones apart. */
    record Ticket(long at, long number) implements Comparable<Ticket> {
        @Override
        public int compareTo(Ticket other) {
            return at != other.at ? Long.compare(at - other.at, 0) : Long.compare(number, other.number);
        }
    }

    /** A handler begins. Null: its type has no timeout. */
    @Nullable
    Ticket begin(HeldJob job, Handler handler) {
        return handler.timeout()
                .map(timeout -> watch(timeout, () -> timeOut(job, handler, timeout)))
                .orElse(null);
    }

    /** Its handler has returned. */
    void end(@Nullable Ticket ticket) {
        if (ticket != null) {
            watched.remove(ticket);
        }
    }

    /** Tells the handler that its job is this node's no longer. */
    void cancel(HeldJob job) {
        if (!job.isCancelled() && job.cancel()) {
            JobInfo info = job.info();
            reporter.publish(new HandlerCancelled(info.id(), info.type(), info.attempt()));
            watch(PATIENCE, () -> giveUp(job));
        }
    }

    private Ticket watch(Duration time, Runnable whenOver) {
        Ticket ticket = new Ticket(platform.nanoTime() + time.toNanos(), numbers.incrementAndGet());
        watched.put(ticket, whenOver);
        if (watched.firstKey().equals(ticket)) {
            onEarlier.run();
        }
        return ticket;
    }

    @Override
    public Turn runOnce() {
        int done = 0;
        for (var next = watched.firstEntry(); next != null; next = watched.firstEntry()) {
            Duration left = Duration.ofNanos(next.getKey().at() - platform.nanoTime());
            if (!left.isZero() && !left.isNegative()) {
                return new Turn(done, left);
            }
            if (watched.remove(next.getKey(), next.getValue())) {
                next.getValue().run();
                done++;
            }
        }
        return new Turn(done, UNTIL_WOKEN);
    }

    private void timeOut(HeldJob job, Handler handler, Duration timeout) {
        if (job.end()) {
            JobInfo info = job.info();
            reporter.publish(new HandlerTimedOut(info.id(), info.type(), info.attempt(), timeout));
            completion.add(verdict.failed(
                    job,
                    handler.retry(),
                    new TimeoutException("the handler ran for longer than its timeout of " + timeout)));
            if (job.cancel()) {
                watch(PATIENCE, () -> giveUp(job));
            }
        }
    }

    private void giveUp(HeldJob job) {
        if (abandon.test(job)) {
            JobInfo info = job.info();
            if (job.end()) {
                held.remove(job); // it was cancelled, and no result will come
            }
            reporter.publish(new HandlerStuck(info.id(), info.type(), info.attempt()));
        } else if (job.isRunning()) {
            watch(PATIENCE, () -> giveUp(job)); // too many are stuck by now
        }
    }
}
