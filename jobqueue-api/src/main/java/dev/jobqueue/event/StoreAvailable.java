package dev.jobqueue.event;

import java.time.Duration;

/** The store answers this duty again. */
public record StoreAvailable(String duty, Duration outage) implements JobQueueEvent {}
