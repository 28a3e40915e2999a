package dev.jobqueue.event;

import dev.jobqueue.job.JobId;

/**
 * An orphan is FAILED and runs no more, unless a person retries it: of its crashes in a row it suffered this many alone, so
 * it is what ends its process.
 */
public record JobQuarantined(JobId jobId, String type, int attempt, int crashes, int convictions)
        implements JobQueueEvent {}
