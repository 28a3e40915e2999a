package dev.jobqueue.core.completion;

import dev.jobqueue.event.JobQueueEvent;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.Change;

/**
 * What became of an attempt, on its way to the store.
 *
 * @param seen the job as it was claimed
 * @param tried what listeners and messages call the change
 * @param change what to write
 * @param kept what to report once the store has it
 * @param settled run when the store has it, or has refused it: this node does not hold the job any longer
 */
public record Result(JobInfo seen, String tried, Change change, JobQueueEvent kept, Runnable settled) {}
