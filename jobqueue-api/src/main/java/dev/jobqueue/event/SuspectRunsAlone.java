package dev.jobqueue.event;

import dev.jobqueue.job.JobId;

/**
 * A job that crashed several times in a row begins while its node holds nothing else. The node claims no other until this
 * one has ended, for a minute at most. If the process ends meanwhile, this job is convicted of it.
 */
public record SuspectRunsAlone(JobId jobId, String type, int attempt, int crashes, int convictions)
        implements JobQueueEvent {}
