package dev.jobqueue.event;

/** A listener threw. It is told of further events all the same. */
public record ListenerFailed(String listener, Throwable cause) implements JobQueueEvent {}
