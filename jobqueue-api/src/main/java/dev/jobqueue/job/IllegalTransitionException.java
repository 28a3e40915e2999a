package dev.jobqueue.job;

import java.util.Set;

/** A change that the rule table does not have was asked for. Nothing was changed. */
public final class IllegalTransitionException extends JobQueueException {
    private static final long serialVersionUID = 1L;

    private final transient JobId jobId;
    private final JobStatus status;
    private final int attempt;
    private final String tried;

    /**
     * Names the job, where it stands, and what was tried.
     *
     * @param tried a {@link Transition}'s name, or AMEND or REMOVE
     * @param needed the statuses in which it would have been allowed
     */
    public IllegalTransitionException(JobInfo job, String tried, Set<JobStatus> needed) {
        super("job %s cannot %s: it is %s at attempt %d; %s needs %s"
                .formatted(job.id(), tried, job.status(), job.attempt(), tried, oneOf(needed)));
        this.jobId = job.id();
        this.status = job.status();
        this.attempt = job.attempt();
        this.tried = tried;
    }

    private static String oneOf(Set<JobStatus> statuses) {
        return String.join(
                " or ", statuses.stream().sorted().map(JobStatus::name).toList());
    }

    /** The job that was to be changed. */
    public JobId jobId() {
        return jobId;
    }

    /** The status it is in. */
    public JobStatus status() {
        return status;
    }

    /** The attempt it is at. */
    public int attempt() {
        return attempt;
    }

    /** What was tried: a {@link Transition}'s name, AMEND or REMOVE. */
    public String tried() {
        return tried;
    }
}
