package dev.jobqueue.event;

import dev.jobqueue.job.JobId;

/** A job is FAILED in the store, and is not tried again by itself. */
public record JobFailed(JobId jobId, String type, int attempt, int failures, String error) implements JobQueueEvent {}
