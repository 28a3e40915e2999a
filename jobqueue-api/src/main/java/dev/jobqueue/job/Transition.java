package dev.jobqueue.job;

import static dev.jobqueue.job.JobStatus.CANCELLED;
import static dev.jobqueue.job.JobStatus.COMPLETED;
import static dev.jobqueue.job.JobStatus.FAILED;
import static dev.jobqueue.job.JobStatus.PENDING;
import static dev.jobqueue.job.JobStatus.PROCESSING;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * A change of a job's status: the whole rule table. It lists the edges that exist; what is not listed is refused.
 *
 * <p>Drawn in docs/reference/states.md, which a test compares with this enum.
 */
public enum Transition {
    /** A node takes a due job, which begins its next attempt. */
    CLAIM(PROCESSING, PENDING),
    /** The handler returned. */
    COMPLETE(COMPLETED, PROCESSING),
    /** The handler failed; or recovery put the job into quarantine. */
    FAIL(FAILED, PROCESSING),
    /** A failed job runs again: by the retry policy, in one write with FAIL, or because a person said so. */
    RETRY(PENDING, FAILED),
    /** The node that held the job has ended. */
    RECOVER(PENDING, PROCESSING),
    /** The node that holds the job gives it back unharmed: it stops, or the handler snoozed. */
    RELEASE(PENDING, PROCESSING),
    /** A person or host code stopped the job. */
    CANCEL(CANCELLED, PENDING, PROCESSING);

    @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable copy
    private final Set<JobStatus> from;

    private final JobStatus to;

    Transition(JobStatus to, JobStatus first, JobStatus... rest) {
        this.from = Collections.unmodifiableSet(EnumSet.of(first, rest));
        this.to = to;
    }

    /** The statuses that this transition starts from. */
    public Set<JobStatus> from() {
        return from;
    }

    /** The status that this transition ends in. */
    public JobStatus to() {
        return to;
    }

    /** Whether the table has this transition from {@code status}. */
    public boolean allowedFrom(JobStatus status) {
        return from.contains(status);
    }

    /**
     * Refuses a job that this transition does not start from.
     *
     * @throws IllegalTransitionException if the table has no such edge
     */
    public void check(JobInfo job) {
        if (!allowedFrom(job.status())) {
            throw new IllegalTransitionException(job, name(), from);
        }
    }
}
