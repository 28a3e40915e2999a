package dev.jobqueue.core;

import dev.jobqueue.core.work.Handlers;
import dev.jobqueue.event.JobQueueListener;
import dev.jobqueue.option.LeaseOptions;
import dev.jobqueue.option.RecoveryOptions;
import dev.jobqueue.store.Feature;
import dev.jobqueue.store.StoreTraits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a queue was configured; all of it is valid.
 *
 * @param nodeName the node's name in the store
 * @param unnamed whether that is made up
 * @param workers how many handlers run at once
 * @param deliveryCapacity how many jobs the delivery queue holds
 * @param queues the queues to serve, best first
 * @param handlers what handles which type
 * @param recovery what recovery may cost
 * @param lease how long the node counts as alive, and how often it says so
 * @param grace how long stop waits before it interrupts
 * @param pollInterval how often to look for others' jobs, if the host chose
 * @param maxPayload the largest payload in bytes
 * @param listeners who is told what happens
 */
record Settings(
        String nodeName,
        boolean unnamed,
        int workers,
        int deliveryCapacity,
        List<String> queues,
        Handlers handlers,
        RecoveryOptions recovery,
        LeaseOptions lease,
        Duration grace,
        Optional<Duration> pollInterval,
        int maxPayload,
        List<JobQueueListener> listeners) {

    static final int MAX_PAYLOAD = 1024 * 1024;
    private static final Duration POLL = Duration.ofSeconds(2);
    private static final Duration POLL_WHERE_WOKEN = Duration.ofSeconds(10);

    Duration poll(StoreTraits traits) {
        return pollInterval.orElse(traits.features().contains(Feature.WAKE_UP) ? POLL_WHERE_WOKEN : POLL);
    }
}
