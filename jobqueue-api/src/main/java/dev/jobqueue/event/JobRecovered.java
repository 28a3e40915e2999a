package dev.jobqueue.event;

import dev.jobqueue.job.JobId;

/** An orphan is PENDING again. The crash that made it one is counted. */
public record JobRecovered(JobId jobId, String type, int attempt, int crashes) implements JobQueueEvent {}
