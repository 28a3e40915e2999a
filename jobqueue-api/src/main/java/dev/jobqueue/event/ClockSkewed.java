package dev.jobqueue.event;

import java.time.Duration;

/** The clock of this queue and the store's are more than a second apart; so far is this one ahead, or behind if less than zero. */
public record ClockSkewed(Duration ahead) implements JobQueueEvent {}
