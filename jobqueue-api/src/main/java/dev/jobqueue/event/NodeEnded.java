package dev.jobqueue.event;

import dev.jobqueue.job.Node;
import dev.jobqueue.store.End;

/** This node's membership ended without its doing; the queue has stopped. SUPERSEDED: a newer queue has its place. */
public record NodeEnded(Node node, End end) implements JobQueueEvent {}
