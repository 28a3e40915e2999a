package dev.jobqueue;

import dev.jobqueue.event.RecoveryReport;
import dev.jobqueue.job.Node;
import java.util.List;

/**
 * How a queue is, without asking its store. Components may be added.
 *
 * @param state where its life stands
 * @param node under which node it last joined
 * @param workers how many workers it has while running
 * @param busy how many of them run a handler
 * @param delivered claimed jobs that wait for a worker; references before start
 * @param results results that the store does not have yet
 * @param stuck handlers that go on although they timed out or the queue stopped
 * @param eventsDropped events that the listeners were too slow for
 * @param recovery the latest recovery
 * @param problems what is wrong now, in words; empty: nothing
 */
public record Health(
        QueueState state,
        Node node,
        int workers,
        int busy,
        int delivered,
        int results,
        int stuck,
        long eventsDropped,
        RecoveryReport recovery,
        List<String> problems) {

    /** Copies what could change. */
    public Health {
        problems = List.copyOf(problems);
    }

    /** Whether it runs and nothing is wrong. */
    public boolean healthy() {
        return state == QueueState.RUNNING && problems.isEmpty();
    }
}
