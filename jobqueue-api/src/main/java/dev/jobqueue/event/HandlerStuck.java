package dev.jobqueue.event;

import dev.jobqueue.job.JobId;

/** A handler goes on although the queue has stopped. Its job was released; what it returns will be refused. */
public record HandlerStuck(JobId jobId, String type, int attempt) implements JobQueueEvent {}
