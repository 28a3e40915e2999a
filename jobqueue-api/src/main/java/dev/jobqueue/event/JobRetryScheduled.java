package dev.jobqueue.event;

import dev.jobqueue.job.JobId;
import java.time.Instant;

/** A handler failed, and its job is PENDING again, due at run-at. */
public record JobRetryScheduled(JobId jobId, String type, int attempt, int failures, Instant runAt, String error)
        implements JobQueueEvent {}
