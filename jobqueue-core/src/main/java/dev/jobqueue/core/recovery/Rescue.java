package dev.jobqueue.core.recovery;

import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.report.StoreCondition;
import dev.jobqueue.core.runtime.Deadline;
import dev.jobqueue.core.runtime.Duty;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.option.LeaseOptions;
import dev.jobqueue.option.RecoveryOptions;
import dev.jobqueue.store.JobStore;
import java.time.Duration;

/**
 * Recovers while the queue runs. On a store of many nodes it looks for orphans when a node has ended, and now and then, since
 * whoever saw that may have died of it. On a store that admits one node at a time there is something to rescue only if the
 * pass before left an orphan that could not be put back: tried again ever more rarely, up to a minute.
 */
public final class Rescue implements Duty {
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration NEVER = Duration.ofDays(1);

    private final Platform platform;
    private final StoreCondition condition;
    private final Orphans orphans;
    private final RecoveryOptions options;
    private final LeaseOptions lease;
    private final boolean shared;
    private final Runnable onRecovered;
    private Duration pause;
    private boolean left;

    /**
     * Of this store.
     *
     * @param left whether the recovery before start left an orphan
     * @param onRecovered run when jobs have become PENDING
     */
    public Rescue(
            Platform platform,
            Reporter reporter,
            JobStore store,
            RecoveryOptions options,
            LeaseOptions lease,
            boolean left,
            Runnable onRecovered) {
        this.platform = platform;
        this.condition = new StoreCondition(platform, reporter, "rescue");
        this.orphans = new Orphans(platform, reporter, store, options);
        this.options = options;
        this.lease = lease;
        this.shared = store.traits().shared();
        this.onRecovered = onRecovered;
        this.pause = lease.renewal();
        this.left = left;
    }

    /** Whether the store answers. */
    public StoreCondition condition() {
        return condition;
    }

    /** Whether there is, or may be, anything to rescue. */
    public boolean isNeeded() {
        return shared || left;
    }

    @Override
    public Turn runOnce() {
        if (!isNeeded()) {
            return new Turn(0, NEVER);
        }
        Tally tally = new Tally(platform);
        try {
            orphans.recover(Deadline.in(options.timeout(), platform), tally);
            condition.answered();
        } catch (RuntimeException e) {
            return new Turn((int) tally.recoveredSoFar(), condition.failed(e));
        } finally {
            if (tally.recoveredSoFar() > 0) {
                onRecovered.run();
            }
        }
        left = tally.failedSoFar() > 0;
        return new Turn((int) tally.recoveredSoFar(), left ? afterOneThatLeftSome() : ifNobodyWakes());
    }

    private Duration ifNobodyWakes() {
        pause = lease.renewal();
        return shared ? anyway() : NEVER;
    }

    private Duration afterOneThatLeftSome() {
        Duration longest = shared ? anyway() : LONGEST_PAUSE;
        Duration now = pause.compareTo(longest) < 0 ? pause : longest;
        pause = now.multipliedBy(2);
        return now;
    }

    /** Where other nodes may have died of what they saw, it looks so often, whatever was left and whoever wakes it. */
    private Duration anyway() {
        return lease.length().multipliedBy(2);
    }
}
