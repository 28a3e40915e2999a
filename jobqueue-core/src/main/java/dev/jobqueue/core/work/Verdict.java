package dev.jobqueue.core.work;

import dev.jobqueue.NonRetryableException;
import dev.jobqueue.core.completion.Result;
import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.core.delivery.HeldJobs;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.event.JobCompleted;
import dev.jobqueue.event.JobFailed;
import dev.jobqueue.event.JobQueueEvent;
import dev.jobqueue.event.JobReleased;
import dev.jobqueue.event.JobRetryScheduled;
import dev.jobqueue.event.JobSnoozed;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobLimits;
import dev.jobqueue.option.RetryPolicy;
import dev.jobqueue.store.Change;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What follows from how an attempt ended: the change to write, and what to report once it is written. */
final class Verdict {
    private final Platform platform;
    private final HeldJobs held;

    Verdict(Platform platform, HeldJobs held) {
        this.platform = platform;
        this.held = held;
    }

    /** The handler returned. */
    Result completed(HeldJob job, Duration took) {
        JobInfo seen = job.info();
        return result(
                job,
                "COMPLETE",
                Change.complete(seen, platform.now()),
                new JobCompleted(seen.id(), seen.type(), seen.attempt(), took));
    }

    /** The handler completed the job in a transaction. Only if that was not committed is there anything to write. */
    Result committed(HeldJob job, RetryPolicy retry, @Nullable Throwable thrown, Duration took) {
        JobInfo seen = job.info();
        return failed(
                        job,
                        retry,
                        thrown != null
                                ? thrown
                                : new IllegalStateException(
                                        "the handler completed its job in a transaction, and returned"
                                                + " without a commit"))
                .unlessCompleted(new JobCompleted(seen.id(), seen.type(), seen.attempt(), took));
    }

    /** The handler returned, and had asked to run again after a while. */
    Result snoozed(HeldJob job, Duration delay) {
        JobInfo seen = job.info();
        Instant runAt = after(delay);
        return result(
                job,
                "RELEASE",
                Change.snooze(seen, platform.now(), runAt),
                new JobSnoozed(seen.id(), seen.type(), seen.attempt(), runAt));
    }

    /** The handler threw, or ran for too long. */
    Result failed(HeldJob job, RetryPolicy retry, Throwable thrown) {
        JobInfo seen = job.info();
        String error = ErrorText.of(thrown);
        int failures = seen.failures() + 1;
        if (thrown instanceof NonRetryableException || failures >= retry.maxFailures()) {
            return result(
                    job,
                    "FAIL",
                    Change.fail(seen, platform.now(), error),
                    new JobFailed(seen.id(), seen.type(), seen.attempt(), failures, error));
        }
        Instant runAt = after(retry.delayAfter(failures, platform.chance()));
        return result(
                job,
                "FAIL and RETRY",
                Change.failAndRetry(seen, platform.now(), runAt, error),
                new JobRetryScheduled(seen.id(), seen.type(), seen.attempt(), failures, runAt, error));
    }

    /** The queue stopped while the handler ran. */
    Result stopped(HeldJob job) {
        return released(
                job, Change.snooze(job.info(), platform.now(), job.info().runAt()));
    }

    /** The queue stopped before the handler ran. */
    Result unstarted(HeldJob job) {
        return released(job, Change.release(job.info(), platform.now()));
    }

    private Result released(HeldJob job, Change change) {
        JobInfo seen = job.info();
        return result(job, "RELEASE", change, new JobReleased(seen.id(), seen.type(), seen.attempt(), seen.runAt()));
    }

    private Result result(HeldJob job, String tried, Change change, JobQueueEvent kept) {
        return new Result(job.info(), tried, change, kept, () -> held.remove(job));
    }

    /** So long from now; a delay beyond the last run-at there is leads to that. */
    private Instant after(Duration delay) {
        Instant now = platform.now();
        boolean within = delay.toSeconds() < JobLimits.NEVER.getEpochSecond() - now.getEpochSecond();
        return within ? now.plus(delay) : JobLimits.NEVER;
    }
}
