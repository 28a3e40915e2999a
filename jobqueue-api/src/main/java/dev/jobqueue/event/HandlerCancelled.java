package dev.jobqueue.event;

import dev.jobqueue.job.JobId;

/** A handler was told to stop, for its job is no longer this node's: it was cancelled, or taken over. */
public record HandlerCancelled(JobId jobId, String type, int attempt) implements JobQueueEvent {}
