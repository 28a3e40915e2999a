package dev.jobqueue.store;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Owns all jobs, and is the source of truth about them. Thread-safe; see the package for what every call keeps.
 *
 * <p>Status and attempt alone decide about a write, whoever makes it; only {@linkplain #join claiming} needs membership.
 */
public interface JobStore extends JobWriter, AutoCloseable {
    /** What this store is and can do. Constant, and answered without a call to a server. */
    StoreTraits traits();

    /**
     * A job with its payload, or empty if there is none of this id.
     *
     * @throws StoreException if the store cannot answer
     */
    Optional<Job> find(JobId id);

    /**
     * One page of jobs, without payloads, in a total order; the next page goes on from the page's own cursor.
     *
     * <p>A filter's ids, statuses, owner and orphaned are the store's to judge; its other conditions the store may leave
     * out, for the caller checks them with {@link JobFilter#matches}. So a page may hold jobs that do not match, and may
     * be shorter than asked although more follow.
     *
     * @throws IllegalArgumentException if the limit is over {@link StoreTraits#maxBatch()}, or the cursor is not one of
     *     this store's for this order
     * @throws StoreException if the store cannot answer
     */
    JobPage list(JobQuery query);

    /**
     * How many jobs there are by queue, type and status, in the asked statuses. May be a second old, and costs what the
     * asked statuses hold, so it stands on no hot path. What has no job has no count.
     *
     * @param statuses at least one
     * @throws StoreException if the store cannot answer
     */
    List<JobCount> counts(Set<JobStatus> statuses);

    /**
     * Makes a node live, so that it may claim: if nobody holds its name, or the node it says it replaces does, or this
     * incarnation does already (a call repeated after an answer was lost: its lease begins anew). On an exclusive store
     * the one node that is in holds every name.
     *
     * <p>Ends what it replaces: once join has returned, no claim of an incarnation that it ended takes effect, not even
     * one that was under way.
     *
     * @throws NameHeldException if another incarnation holds the name
     * @throws NotMemberException if this incarnation has ended: it never joins again
     * @throws StoreException if the store cannot answer
     */
    StoreSession join(JoinRequest request);

    /** Ends the store's use by this process. Every later call throws {@link StoreException}. May be called twice. */
    @Override
    void close();
}
