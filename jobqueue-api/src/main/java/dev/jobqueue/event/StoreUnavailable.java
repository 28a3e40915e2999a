package dev.jobqueue.event;

/** The store began to fail for this duty, which tries again by itself. */
public record StoreUnavailable(String duty, Throwable cause) implements JobQueueEvent {}
