package dev.jobqueue;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobCount;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.JobWriter;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Submits jobs and asks about them: what a host injects where it does not run the queue. Thread-safe. Methods may be added: not
 * for hosts to implement.
 *
 * <p>Calls that read throw {@link dev.jobqueue.store.StoreException} if the store does not answer.
 */
public interface JobClient {
    /**
     * A client for a process that runs no workers, such as a web tier. It joins nothing, recovers nothing, starts no
     * thread and needs no closing; the store stays the host's.
     *
     * @throws dev.jobqueue.job.JobQueueException if there is no engine on the path, or more than one
     */
    static JobClient over(JobStore store) {
        return Engines.engine().clientOver(Objects.requireNonNull(store, "store"));
    }

    /**
     * Stores a job; it is in the store when this returns. Rides out a short outage of the store: while the store fails,
     * it is tried again, with no new try after 10 s.
     *
     * @throws IllegalArgumentException if the payload is over the limit
     * @throws JobIdConflictException if the request carries an id under which another type or payload is stored
     * @throws SubmitException if the store did not answer for so long
     * @throws QueueStateException if the queue is closed
     */
    Submission submit(JobRequest request);

    /**
     * Stores jobs in one batch, all of them or, if it throws, perhaps none; otherwise as {@link #submit}.
     *
     * @param requests up to the store's longest batch, each id once; none: nothing happens
     * @return one answer a request, in the same order
     */
    List<Submission> submitAll(List<JobRequest> requests);

    /**
     * Stores jobs within a transaction that the caller has open: they exist if and only if that commits, and none runs
     * before. Tried once, unlike {@link #submitAll}: when it throws, only a rollback is left.
     *
     * <pre>{@code
     * client.submitWithin(store.within(connection), List.of(JobRequest.of("invoice", order)));
     * connection.commit();
     * }</pre>
     *
     * @param writer of this client's store, within that transaction
     * @param requests up to the store's longest batch, each id once; none: nothing happens
     * @return one answer a request, in the same order; it holds once the transaction is committed
     * @throws IllegalArgumentException if a payload is over the limit
     * @throws JobIdConflictException if a request carries an id under which another type or payload is stored
     * @throws dev.jobqueue.store.StoreException if the store did not take them
     * @throws QueueStateException if the queue is closed
     */
    List<Submission> submitWithin(JobWriter writer, List<JobRequest> requests);

    /** A job with its payload; empty if the store has none of this id. */
    Optional<Job> find(JobId id);

    /**
     * One page of jobs, without payloads. A page may be shorter than asked although more follow.
     *
     * @throws IllegalArgumentException if the limit is over the store's longest page, or the cursor is no cursor of its
     */
    JobPage list(JobQuery query);

    /**
     * How many jobs there are by queue, type and status. May be a second old, and costs what these statuses hold.
     *
     * @param statuses which; none: all
     */
    List<JobCount> counts(JobStatus... statuses);

    /**
     * Sends a FAILED job again, due at once, with its failures and crashes back at 0.
     *
     * @return whether this call did it; false if the job is not FAILED, or not there
     */
    boolean retry(JobId id);

    /**
     * Cancels a job that is not final. A running handler is told to stop, and its result is refused.
     *
     * @return whether this call did it; false if the job is final already, or not there
     */
    boolean cancel(JobId id);

    /**
     * Waits until a job is final.
     *
     * @return the job as it ended; empty if it was not final in time, or is not there
     * @throws InterruptedException if interrupted while waiting
     */
    Optional<JobInfo> await(JobId id, Duration timeout) throws InterruptedException;
}
