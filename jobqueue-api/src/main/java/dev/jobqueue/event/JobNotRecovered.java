package dev.jobqueue.event;

import dev.jobqueue.job.JobId;

/** An orphan could not be put back, and stays PROCESSING until the next recovery tries again. */
public record JobNotRecovered(JobId jobId, String type, int attempt, Throwable cause) implements JobQueueEvent {}
