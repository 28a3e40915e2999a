package dev.jobqueue.event;

import dev.jobqueue.job.Node;

/** The queue joined its store under this node. */
public record NodeJoined(Node node, String store) implements JobQueueEvent {}
