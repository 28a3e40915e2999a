package dev.jobqueue.core.work;

import dev.jobqueue.Codec;
import dev.jobqueue.JobClient;
import dev.jobqueue.JobContext;
import dev.jobqueue.NonRetryableException;
import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One attempt, as its handler sees it. */
final class Attempt implements JobContext {
    private final HeldJob held;
    private final JobClient client;
    private volatile @Nullable Duration snooze;

    Attempt(HeldJob held, JobClient client) {
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

    Optional<Duration> snoozed() {
        return Optional.ofNullable(snooze);
    }
}
