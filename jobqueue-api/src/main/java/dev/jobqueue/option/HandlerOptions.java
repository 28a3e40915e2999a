package dev.jobqueue.option;

import dev.jobqueue.job.JobLimits;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How the jobs of one type are handled.
 *
 * <p>Defaults: no aliases; no timeout; the queue's retry policy.
 *
 * <p>Each method throws {@link IllegalArgumentException} if its value is out of its range; the message names both.
 */
public final class HandlerOptions {
    private static final HandlerOptions DEFAULTS = new HandlerOptions(Set.of(), null, UnaryOperator.identity());

    private final Set<String> aliases;
    private final @Nullable Duration timeout;
    private final UnaryOperator<RetryPolicy> retry;

    private HandlerOptions(Set<String> aliases, @Nullable Duration timeout, UnaryOperator<RetryPolicy> retry) {
        this.aliases = aliases;
        this.timeout = timeout;
        this.retry = retry;
    }

    /** The defaults. */
    public static HandlerOptions defaults() {
        return DEFAULTS;
    }

    /** The same, and handles jobs that were submitted under these older names of the type as well. */
    public HandlerOptions withAliases(String... oldNames) {
        Set<String> all = new LinkedHashSet<>(aliases);
        for (String name : oldNames) {
            all.add(JobLimits.checkName("alias", name));
        }
        return new HandlerOptions(Collections.unmodifiableSet(all), timeout, retry);
    }

    /**
     * The same with a time, more than zero, after which an attempt has failed: its job is failed or retried, the handler
     * is told to stop by {@code cancelled()} and an interrupt, and what it still returns is refused.
     */
    public HandlerOptions withTimeout(Duration longest) {
        return new HandlerOptions(aliases, Range.positive("handler.timeout", longest), retry);
    }

    /** The same with another retry policy, made from the queue's. */
    public HandlerOptions withRetry(UnaryOperator<RetryPolicy> change) {
        return new HandlerOptions(aliases, timeout, Objects.requireNonNull(change, "change"));
    }

    /** Older names of the type. */
    public Set<String> aliases() {
        return aliases;
    }

    /** After how long an attempt has failed. */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    /** The retry policy, given the queue's. */
    public RetryPolicy retry(RetryPolicy ofQueue) {
        return retry.apply(ofQueue);
    }
}
