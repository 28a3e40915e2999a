package dev.jobqueue.event;

import dev.jobqueue.job.JobId;

/** An answer about a result was lost, and what stands in the store now does not show whether it was kept. */
public record ResultUnknown(JobId jobId, String type, int attempt, String tried, String standsAt)
        implements JobQueueEvent {}
