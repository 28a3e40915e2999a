package dev.jobqueue.event;

import dev.jobqueue.job.JobId;
import java.time.Instant;

/** A handler asked for its job to run again at run-at. */
public record JobSnoozed(JobId jobId, String type, int attempt, Instant runAt) implements JobQueueEvent {}
