package dev.jobqueue.event;

import dev.jobqueue.job.JobId;
import java.time.Duration;

/** A handler ran for longer than its type's timeout. Its attempt has failed; it was told to stop. */
public record HandlerTimedOut(JobId jobId, String type, int attempt, Duration timeout) implements JobQueueEvent {}
