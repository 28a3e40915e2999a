package dev.jobqueue.event;

import dev.jobqueue.job.JobId;
import java.time.Duration;

/** A handler returned, and the store has the job as COMPLETED. */
public record JobCompleted(JobId jobId, String type, int attempt, Duration took) implements JobQueueEvent {}
