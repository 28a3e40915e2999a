package dev.jobqueue.core.recovery;

import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.report.StoreCondition;
import dev.jobqueue.core.runtime.Deadline;
import dev.jobqueue.core.runtime.Duty;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.option.RecoveryOptions;
import dev.jobqueue.store.JobStore;
import java.time.Duration;

/**
 * Recovers while the queue runs. On a store that admits one node at a time there is something to rescue only if the pass
 * before left an orphan that could not be put back: tried again at start, after 1.5 s, then ever more rarely, up to a minute.
 */
public final class Rescue implements Duty {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(1_500);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration NEVER = Duration.ofDays(1);

    private final Platform platform;
    private final StoreCondition condition;
    private final Orphans orphans;
    private final RecoveryOptions options;
    private Duration pause = FIRST_PAUSE;
    private boolean left;

    /**
     * Of this store.
     *
     * @param left whether the recovery before start left an orphan
     */
    public Rescue(Platform platform, Reporter reporter, JobStore store, RecoveryOptions options, boolean left) {
        this.platform = platform;
        this.condition = new StoreCondition(platform, reporter, "rescue");
        this.orphans = new Orphans(platform, reporter, store, options.pageSize());
        this.options = options;
        this.left = left;
    }

    /** Whether the store answers. */
    public StoreCondition condition() {
        return condition;
    }

    @Override
    public Turn runOnce() {
        if (!left) {
            return new Turn(0, NEVER);
        }
        Tally tally = new Tally(platform);
        try {
            orphans.recover(Deadline.in(options.timeout(), platform), tally);
            condition.answered();
        } catch (RuntimeException e) {
            return new Turn((int) tally.recoveredSoFar(), condition.failed(e));
        }
        left = tally.failedSoFar() > 0;
        Duration next = pause;
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        return new Turn((int) tally.recoveredSoFar(), left ? next : NEVER);
    }
}
