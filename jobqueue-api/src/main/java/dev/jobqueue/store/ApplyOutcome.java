package dev.jobqueue.store;

import dev.jobqueue.job.JobStatus;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of a change: applied; or stale, with what stands there; or there is no such job. */
public final class ApplyOutcome {
    private static final ApplyOutcome APPLIED = new ApplyOutcome(Kind.APPLIED, null, 0);
    private static final ApplyOutcome MISSING = new ApplyOutcome(Kind.MISSING, null, 0);

    private enum Kind {
        APPLIED,
        STALE,
        MISSING
    }

    private final Kind kind;
    private final @Nullable JobStatus status;
    private final int attempt;

    private ApplyOutcome(Kind kind, @Nullable JobStatus status, int attempt) {
        this.kind = kind;
        this.status = status;
        this.attempt = attempt;
    }

    /** The change was made. */
    public static ApplyOutcome applied() {
        return APPLIED;
    }

    /** The job is elsewhere than the change was made for; nothing was changed. */
    public static ApplyOutcome stale(JobStatus now, int attempt) {
        return new ApplyOutcome(Kind.STALE, Objects.requireNonNull(now, "now"), attempt);
    }

    /** There is no job of this id. */
    public static ApplyOutcome missing() {
        return MISSING;
    }

    /** Whether the change was made. */
    public boolean isApplied() {
        return kind == Kind.APPLIED;
    }

    /** Whether there is no job of this id. */
    public boolean isMissing() {
        return kind == Kind.MISSING;
    }

    /** Where the job stands; only if the change was stale. */
    public Optional<JobStatus> status() {
        return Optional.ofNullable(status);
    }

    /** The attempt at which the job stands, if the change was stale; else 0. */
    public int attempt() {
        return attempt;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ApplyOutcome that
                && kind == that.kind
                && status == that.status
                && attempt == that.attempt;
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, status, attempt);
    }

    @Override
    public String toString() {
        return kind == Kind.STALE ? "STALE: " + status + " at attempt " + attempt : kind.toString();
    }
}
