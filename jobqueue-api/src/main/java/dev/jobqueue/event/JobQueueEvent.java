package dev.jobqueue.event;

/**
 * Something that happened in a queue. Which events there are, and at what level each is logged, stands in
 * docs/reference/events.md. Events may be added, and components
 * to events: switch with a default, and make none yourself.
 */
public interface JobQueueEvent {}
