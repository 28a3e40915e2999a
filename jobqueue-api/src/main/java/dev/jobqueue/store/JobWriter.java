package dev.jobqueue.store;

import dev.jobqueue.job.Job;
import java.util.List;

/** The two writes: done by a store on its own, or inside a transaction of the caller's. */
public interface JobWriter {
    /**
     * Stores new jobs: PENDING, at attempt 0, without an owner.
     *
     * <p>All or nothing about failure: when it throws, either every job that it would have stored is stored, or none is,
     * and sending the same batch again is safe. That an id is there already is an answer about that one job, not a
     * failure: the others are stored.
     *
     * @param jobs 1 to {@link StoreTraits#maxBatch()} jobs, each id once
     * @return one outcome a job, in the same order
     * @throws IllegalArgumentException if the batch is empty, too long or names an id twice; or if a job is not new, or
     *     has a payload over {@link StoreTraits#maxPayload()}
     * @throws StoreException if nothing was stored
     * @throws OutcomeUnknownException if perhaps all of it was stored
     */
    List<InsertOutcome> insert(List<Job> jobs);

    /**
     * Applies each change if it {@linkplain Change#holds holds}, and otherwise says what stands there. Atomic for each
     * change, not for the batch.
     *
     * @param changes 1 to {@link StoreTraits#maxBatch()} changes, each job once
     * @return one outcome a change, in the same order
     * @throws IllegalArgumentException if the batch is empty, too long or names a job twice
     * @throws StoreException if nothing was applied
     * @throws OutcomeUnknownException if any part of the batch may have been applied
     */
    List<ApplyOutcome> apply(List<Change> changes);
}
