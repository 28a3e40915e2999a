package dev.jobqueue.core.work;

import dev.jobqueue.core.completion.Completion;
import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.runtime.Duty;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.event.HandlerStuck;
import dev.jobqueue.event.HandlerTimedOut;
import dev.jobqueue.job.JobInfo;
import java.time.Duration;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Ends attempts whose handlers run for longer than their type's timeout: the job is failed or retried, the handler is told
 * to stop. A handler that does not heed that for five more seconds is left to itself, and its worker replaced.
 */
final class Timeouts implements Duty {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration UNTIL_WOKEN = Duration.ofHours(1);

    private final Platform platform;
    private final Reporter reporter;
    private final Verdict verdict;
    private final Completion completion;
    private final Runnable onEarlier;
    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentNavigableMap<Ticket, Running> running = new ConcurrentSkipListMap<>();

    /** @param onEarlier run when the next timeout may be sooner than the duty knows */
    Timeouts(Platform platform, Reporter reporter, Verdict verdict, Completion completion, Runnable onEarlier) {
        this.platform = platform;
        this.reporter = reporter;
        this.verdict = verdict;
        this.completion = completion;
        this.onEarlier = onEarlier;
    }

    /** A place in the order of deadlines; the number tells equal ones apart. */
    record Ticket(long at, long number) implements Comparable<Ticket> {
        @Override
        public int compareTo(Ticket other) {
            return at != other.at ? Long.compare(at - other.at, 0) : Long.compare(number, other.number);
        }
    }

    private record Running(HeldJob job, Handler handler, Duration timeout, Worker worker) {}

    /** A handler begins. Null: its type has no timeout. */
    @Nullable
    Ticket begin(HeldJob job, Handler handler, Worker worker) {
        Duration timeout = handler.timeout().orElse(null);
        if (timeout == null) {
            return null;
        }
        return watch(new Running(job, handler, timeout, worker), timeout);
    }

    private Ticket watch(Running watched, Duration time) {
        Ticket ticket = new Ticket(platform.nanoTime() + time.toNanos(), numbers.incrementAndGet());
        running.put(ticket, watched);
        onEarlier.run();
        return ticket;
    }

    /** Its handler has returned. */
    void end(@Nullable Ticket ticket) {
        if (ticket != null) {
            running.remove(ticket);
        }
    }

    @Override
    public Turn runOnce() {
        int done = 0;
        for (var next = running.firstEntry(); next != null; next = running.firstEntry()) {
            Duration left = Duration.ofNanos(next.getKey().at() - platform.nanoTime());
            if (!left.isZero() && !left.isNegative()) {
                return new Turn(done, left);
            }
            running.remove(next.getKey());
            timeOut(next.getValue());
            done++;
        }
        return new Turn(done, UNTIL_WOKEN);
    }

    private void timeOut(Running late) {
        JobInfo job = late.job().info();
        if (late.job().end()) {
            reporter.publish(new HandlerTimedOut(job.id(), job.type(), job.attempt(), late.timeout()));
            completion.add(verdict.failed(
                    late.job(),
                    late.handler().retry(),
                    new TimeoutException("the handler ran for longer than its timeout of " + late.timeout())));
            if (late.job().cancel()) {
                watch(late, PATIENCE);
            }
        } else if (late.job().isRunning() && late.worker().abandon(late.job())) {
            reporter.publish(new HandlerStuck(job.id(), job.type(), job.attempt()));
        }
    }
}
