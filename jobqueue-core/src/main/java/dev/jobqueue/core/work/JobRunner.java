package dev.jobqueue.core.work;

import dev.jobqueue.JobClient;
import dev.jobqueue.core.completion.Completion;
import dev.jobqueue.core.completion.Result;
import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.event.ResultRefused;
import dev.jobqueue.job.JobInfo;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Runs the handler of one held job: begin, handle, end, hand the result on. Whatever the handler does, it returns. */
final class JobRunner {
    private final Platform platform;
    private final Reporter reporter;
    private final Handlers handlers;
    private final Verdict verdict;
    private final Completion completion;
    private final Timeouts timeouts;
    private final Predicate<JobInfo> mayBegin;
    private final JobClient client;

    JobRunner(
            Platform platform,
            Reporter reporter,
            Handlers handlers,
            Verdict verdict,
            Completion completion,
            Timeouts timeouts,
            Predicate<JobInfo> mayBegin,
            JobClient client) {
        this.platform = platform;
        this.reporter = reporter;
        this.handlers = handlers;
        this.verdict = verdict;
        this.completion = completion;
        this.timeouts = timeouts;
        this.mayBegin = mayBegin;
        this.client = client;
    }

    void run(HeldJob job) {
        Handler handler = handlers.of(job.info().type());
        Thread.interrupted(); // clears one that came late for an earlier handler, from whoever kept its thread
        if (!mayBegin.test(job.info()) && job.endUnlessBegun()) {
            completion.add(verdict.unstarted(job)); // another node may have been given it by now
        }
        if (!job.begin(Thread.currentThread())) {
            return;
        }
        Attempt attempt = new Attempt(platform, job, client);
        long began = platform.nanoTime();
        Timeouts.Ticket ticket = timeouts.begin(job, handler);
        Throwable thrown = handle(handler, attempt);
        timeouts.end(ticket);
        job.handlerReturned();
        Thread.interrupted(); // clears an interrupt that was meant for the handler, not for the job that comes next
        Duration took = Duration.ofNanos(platform.nanoTime() - began);
        if (job.end()) {
            completion.add(result(job, handler, attempt, thrown, took));
        } else {
            refuse(job.info(), thrown);
        }
    }

    private static @Nullable Throwable handle(Handler handler, Attempt attempt) {
        try {
            MDC.put("jobId", attempt.id().toString());
            MDC.put("jobType", attempt.type());
            MDC.put("attempt", Integer.toString(attempt.attempt()));
            handler.code().handle(attempt);
            return null;
        } catch (Throwable thrown) {
            return thrown;
        } finally {
            MDC.clear();
        }
    }

    private Result result(HeldJob job, Handler handler, Attempt attempt, @Nullable Throwable thrown, Duration took) {
        if (attempt.isCompleted()) {
            return verdict.committed(job, handler.retry(), thrown, took);
        }
        if (thrown == null) {
            return attempt.snoozed()
                    .map(delay -> verdict.snoozed(job, delay))
                    .orElseGet(() -> verdict.completed(job, took));
        }
        return job.isReleased() ? verdict.stopped(job) : verdict.failed(job, handler.retry(), thrown);
    }

    /** The attempt ended before its handler did. What it still says is refused here; the store would refuse it, too. */
    private void refuse(JobInfo job, @Nullable Throwable thrown) {
        reporter.publish(new ResultRefused(
                job.id(),
                job.type(),
                job.attempt(),
                thrown == null ? "COMPLETE" : "FAIL",
                "the attempt had ended before: by its timeout, or as the queue stopped"));
    }
}
