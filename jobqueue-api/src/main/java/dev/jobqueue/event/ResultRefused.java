package dev.jobqueue.event;

import dev.jobqueue.job.JobId;

/** The store refused a result: the job stands elsewhere than the attempt that the result is of. Nothing was changed. */
public record ResultRefused(JobId jobId, String type, int attempt, String tried, String standsAt)
        implements JobQueueEvent {}
