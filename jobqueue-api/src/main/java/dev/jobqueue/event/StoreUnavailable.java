package dev.jobqueue.event;

/** The store began to fail for this duty, which tries again by itself; or did not answer as the queue left it. */
public record StoreUnavailable(String duty, Throwable cause) implements JobQueueEvent {}
