package dev.jobqueue.event;

import dev.jobqueue.job.Node;

/** The workers run. */
public record QueueStarted(Node node, int workers) implements JobQueueEvent {}
