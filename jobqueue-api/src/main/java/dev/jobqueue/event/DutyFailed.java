package dev.jobqueue.event;

/** A part of the queue met what it did not expect. It goes on; please report this. */
public record DutyFailed(String duty, Throwable cause) implements JobQueueEvent {}
