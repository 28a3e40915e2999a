package dev.jobqueue.event;

/** The listeners were too slow: so many events were not given to them since the last of these. */
public record EventsDropped(long dropped) implements JobQueueEvent {}
