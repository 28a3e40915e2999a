package dev.jobqueue.event;

/** Recovery is done: no job is PROCESSING under a node that had ended, but those the report names. */
public record RecoveryCompleted(RecoveryReport report) implements JobQueueEvent {}
