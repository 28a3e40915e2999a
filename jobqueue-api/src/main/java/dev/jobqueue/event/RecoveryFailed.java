package dev.jobqueue.event;

/** Recovery gave up, and with it startup. The report tells how far it came; the next build() goes on from there. */
public record RecoveryFailed(RecoveryReport report, Throwable cause) implements JobQueueEvent {}
