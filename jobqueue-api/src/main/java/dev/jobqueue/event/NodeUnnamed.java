package dev.jobqueue.event;

import dev.jobqueue.job.Node;

/** The queue joined a store of many nodes under a made-up name: after a crash its jobs wait until its lease has run out. */
public record NodeUnnamed(Node node) implements JobQueueEvent {}
