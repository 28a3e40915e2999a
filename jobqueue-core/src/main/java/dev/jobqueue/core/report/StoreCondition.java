package dev.jobqueue.core.report;

import dev.jobqueue.core.runtime.Backoff;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.event.StoreAvailable;
import dev.jobqueue.event.StoreUnavailable;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether the store answers one duty: says so once per change of condition, and how long to wait before the next try. */
public final class StoreCondition {
    private final Platform platform;
    private final Reporter reporter;
    private final String duty;
    private int failedTries;
    private long failingSince;
    private @Nullable Throwable cause;

    /** Of this duty; the store is thought to answer. */
    public StoreCondition(Platform platform, Reporter reporter, String duty) {
        this.platform = platform;
        this.reporter = reporter;
        this.duty = duty;
    }

    /** The store answered. */
    public void answered() {
        Duration outage;
        synchronized (this) {
            if (failedTries == 0) {
                return;
            }
            failedTries = 0;
            cause = null;
            outage = Duration.ofNanos(platform.nanoTime() - failingSince);
        }
        reporter.publish(new StoreAvailable(duty, outage));
    }

    /** The store failed. Returns how long to wait before the next try. */
    public Duration failed(Throwable thrown) {
        int tries;
        synchronized (this) {
            tries = ++failedTries;
            cause = thrown;
            if (tries == 1) {
                failingSince = platform.nanoTime();
            }
        }
        if (tries == 1) {
            reporter.publish(new StoreUnavailable(duty, thrown));
        }
        return Backoff.after(tries, platform);
    }

    /** What is wrong, in words; empty while the store answers. */
    public synchronized Optional<String> problem() {
        return Optional.ofNullable(cause)
                .map(thrown -> "the store does not answer " + duty + ": " + thrown.getMessage());
    }
}
