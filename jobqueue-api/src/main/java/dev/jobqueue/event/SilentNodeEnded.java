package dev.jobqueue.event;

import dev.jobqueue.job.Node;
import java.time.Duration;

/** Another node was silent for longer than its lease of this length: this node has ended it, and its jobs are recovered. */
public record SilentNodeEnded(Node node, Duration lease) implements JobQueueEvent {}
