package dev.jobqueue.event;

import dev.jobqueue.job.JobId;

/**
 * A handler goes on although it was told to stop: its attempt timed out, its job was cancelled, or the queue has stopped. It
 * is left to itself; what it returns will be refused.
 */
public record HandlerStuck(JobId jobId, String type, int attempt) implements JobQueueEvent {}
