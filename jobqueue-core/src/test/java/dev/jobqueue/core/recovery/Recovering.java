package dev.jobqueue.core.recovery;

import dev.jobqueue.core.delivery.DeliveryQueue;
import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.runtime.FakePlatform;
import dev.jobqueue.event.JobQueueEvent;
import dev.jobqueue.event.RecoveryReport;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.Node;
import dev.jobqueue.option.RecoveryOptions;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** A memory store in which an earlier process left jobs behind, and the recovery of a node that handles "known". */
final class Recovering {
    static final String TYPE = "known";

    final FakePlatform platform = new FakePlatform();
    final MemoryJobStore store = MemoryJobStore.create(platform::now);
    final LeftBehind left = new LeftBehind(store);
    final List<JobQueueEvent> events = new ArrayList<>();
    final Node node = Node.of("next", new UUID(0, 2));
    RecoveryOptions options = RecoveryOptions.defaults();
    DeliveryQueue<JobId> references = new DeliveryQueue<>(platform, 100);

    Recovering with(UnaryOperator<RecoveryOptions> change) {
        options = change.apply(options);
        return this;
    }

    Recovering withCapacity(int jobs) {
        references = new DeliveryQueue<>(platform, jobs);
        return this;
    }

    RecoveryReport recover() {
        return recover(store);
    }

    /** Takes the earlier node's place, and recovers through a store that may misbehave. */
    RecoveryReport recover(JobStore misbehaving) {
        store.join(JoinRequest.of(node, Duration.ofSeconds(6), () -> {}).replacing(LeftBehind.EARLIER));
        return new Recovery(platform, reporter(), misbehaving, options, Set.of("default"), Set.of(TYPE))
                .recover(node, references);
    }

    Reporter reporter() {
        return new Reporter(platform, List.of(events::add));
    }

    <E extends JobQueueEvent> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
