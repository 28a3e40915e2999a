package dev.jobqueue.event;

import java.time.Duration;

/** Recovery has dealt with another page of orphans. */
public record RecoveryProgress(long recovered, long failed, Duration took) implements JobQueueEvent {}
