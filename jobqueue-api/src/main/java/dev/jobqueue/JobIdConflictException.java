package dev.jobqueue;

import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobQueueException;
import java.util.List;

/**
 * A submit named an id under which the store has another job: of another type, or with another payload. That job was left
 * as it is; all others of the same submit are stored.
 */
public final class JobIdConflictException extends JobQueueException {
    private static final long serialVersionUID = 1L;

    private final transient List<JobId> conflicts;
    private final transient List<Submission> submissions;

    /** Names the ids in conflict, and what became of all jobs of the submit. */
    public JobIdConflictException(List<JobId> conflicts, List<Submission> submissions) {
        super("another job, of another type or with another payload, is stored already under " + conflicts
                + "; submit under an id of its own");
        this.conflicts = List.copyOf(conflicts);
        this.submissions = List.copyOf(submissions);
    }

    /** The ids under which another job is stored. */
    public List<JobId> conflicts() {
        return conflicts;
    }

    /** What became of each request, in the order of the submit. */
    public List<Submission> submissions() {
        return submissions;
    }
}
