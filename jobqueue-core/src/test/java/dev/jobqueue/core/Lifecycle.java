package dev.jobqueue.core;

import dev.jobqueue.JobQueue;
import dev.jobqueue.core.recovery.LeftBehind;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.core.runtime.RealPlatform;
import dev.jobqueue.event.JobQueueEvent;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A queue that counts, over a store that outlives it. */
abstract class Lifecycle {
    static final String NODE = "lifecycle";
    static final Duration LONG = Duration.ofSeconds(30);

    final MemoryJobStore store = MemoryJobStore.create();
    final List<JobQueueEvent> events = new CopyOnWriteArrayList<>();
    final AtomicInteger runs = new AtomicInteger();

    JobQueue queue() {
        return queue(store, new RealPlatform(InstantSource.system(), false));
    }

    JobQueue queue(JobStore over, Platform platform) {
        QueueBuilder builder = new QueueBuilder();
        builder.store(over)
                .nodeName(NODE)
                .workers(2)
                .pollInterval(Duration.ofMillis(50))
                .handler("count", job -> runs.incrementAndGet())
                .listener(events::add);
        return builder.build(platform);
    }

    JobStatus status(JobId id) {
        return store.find(id).map(Job::info).map(JobInfo::status).orElseThrow();
    }

    long processing() {
        return LeftBehind.all(store).stream()
                .filter(job -> job.status() == JobStatus.PROCESSING)
                .count();
    }

    <E extends JobQueueEvent> long count(Class<E> type) {
        return events.stream().filter(type::isInstance).count();
    }
}
