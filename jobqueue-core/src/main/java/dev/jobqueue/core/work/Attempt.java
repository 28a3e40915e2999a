package dev.jobqueue.core.work;

import dev.jobqueue.AttemptEndedException;
import dev.jobqueue.Codec;
import dev.jobqueue.JobClient;
import dev.jobqueue.JobContext;
import dev.jobqueue.NonRetryableException;
import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One attempt, as its handler sees it. */
final class Attempt implements JobContext {
    private final HeldJob held;
    private final JobClient client;
    private final Platform platform;
    private volatile @Nullable Duration snooze;
    private volatile boolean completed;

    Attempt(Platform platform, HeldJob held, JobClient client) {
        this.platform = platform;
        this.held = held;
        this.client = client;
    }

    @Override
    public JobInfo info() {
        return held.info();
    }

    @Override
    public JobId id() {
        return held.info().id();
    }

    @Override
    public String type() {
        return held.info().type();
    }

    @Override
    public int attempt() {
        return held.info().attempt();
    }

    @Override
    public byte[] payload() {
        return held.payload().clone();
    }

    @Override
    public String text() {
        try {
            return Codec.text().decode(held.payload());
        } catch (IllegalArgumentException e) {
            throw new NonRetryableException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public Map<String, String> attributes() {
        return held.info().attributes();
    }

    @Override
    public boolean cancelled() {
        return held.isCancelled();
    }

    @Override
    public void snooze(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("snooze must be for zero or more, but was for " + delay);
        }
        snooze = delay;
    }

    @Override
    public JobClient client() {
        return client;
    }

    @Override
    public void complete(JobWriter writer) {
        if (snooze != null) {
            throw new IllegalStateException("the handler asked for job " + id() + " to run again after " + snooze
                    + "; do not complete it as well");
        }
        ApplyOutcome outcome =
                writer.apply(List.of(Change.complete(info(), platform.now()))).get(0);
        if (!outcome.isApplied()) {
            throw new AttemptEndedException(id(), attempt(), outcome);
        }
        completed = true;
    }

    /** Whether the handler completed the job itself, in a transaction that may have been committed. */
    boolean isCompleted() {
        return completed;
    }

    Optional<Duration> snoozed() {
        return Optional.ofNullable(snooze);
    }
}
