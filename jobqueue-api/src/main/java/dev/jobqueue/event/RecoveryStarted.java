package dev.jobqueue.event;

import dev.jobqueue.job.Node;

/** Recovery began to look for orphans. */
public record RecoveryStarted(Node node, String store) implements JobQueueEvent {}
