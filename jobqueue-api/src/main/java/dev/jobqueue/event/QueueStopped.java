package dev.jobqueue.event;

import dev.jobqueue.job.Node;
import java.time.Duration;

/** The queue stopped: so many jobs were given back unfinished, and so many the store did not answer for, which recovery will take. */
public record QueueStopped(Node node, long released, long unfinished, Duration took) implements JobQueueEvent {}
