package dev.jobqueue;

import dev.jobqueue.job.JobId;

/**
 * The answer to a submit: the job is in the store.
 *
 * @param id under which id
 * @param stored whether this submit stored it; false if it was there already, under an id that the caller chose
 */
public record Submission(JobId id, boolean stored) {}
