package dev.jobqueue.event;

import dev.jobqueue.job.JobId;
import java.time.Instant;

/** A claimed job was given back unharmed: the queue stops, or the answer to its claim was lost. */
public record JobReleased(JobId jobId, String type, int attempt, Instant runAt) implements JobQueueEvent {}
