package dev.jobqueue.event;

/** Jobs of this type wait, and no handler is registered for it. They stay PENDING, in nobody's way. */
public record TypeUnhandled(String type, long pending) implements JobQueueEvent {}
