package dev.jobqueue.core.runtime;

import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * One store call, made again while the store fails: with backoff and jitter, with no new try after ten seconds, nor once
 * the thread is interrupted. For callers that wait; duties come back by themselves instead.
 */
public final class Tries {
    /** No try begins later than this after the first. */
    public static final Duration BOUND = Duration.ofSeconds(10);

    private final Platform platform;
    private final Deadline deadline;
    private boolean outcomeUnknown;

    private Tries(Platform platform, Deadline deadline) {
        this.platform = platform;
        this.deadline = deadline;
    }

    /** For one call, from now on. */
    public static Tries of(Platform platform) {
        return new Tries(platform, Deadline.in(BOUND, platform));
    }

    /** For one call, from now on, within a longer task's deadline. */
    public static Tries within(Deadline task, Platform platform) {
        return new Tries(platform, Deadline.in(task.leftAtMost(BOUND), platform));
    }

    /** Whether the answer of a try was lost, so that the call may have been done before the try that answered. */
    public boolean outcomeUnknown() {
        return outcomeUnknown;
    }

    /**
     * Makes the call.
     *
     * @throws StoreException what the last try threw
     */
    public <T> T call(Supplier<T> storeCall) {
        for (int failed = 1; ; failed++) {
            try {
                return storeCall.get();
            } catch (StoreException e) {
                outcomeUnknown |= e instanceof OutcomeUnknownException;
                Duration pause = Backoff.after(failed, platform);
                if (pause.compareTo(deadline.left()) > 0 || !paused(pause)) {
                    throw e;
                }
            }
        }
    }

    private boolean paused(Duration pause) {
        try {
            Backoff.pause(pause, platform);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
