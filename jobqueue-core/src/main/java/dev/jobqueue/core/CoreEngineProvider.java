package dev.jobqueue.core;

import dev.jobqueue.JobClient;
import dev.jobqueue.JobQueue;
import dev.jobqueue.core.runtime.RealPlatform;
import dev.jobqueue.core.submission.ClientEvents;
import dev.jobqueue.core.submission.StoreClient;
import dev.jobqueue.engine.EngineProvider;
import dev.jobqueue.store.JobStore;
import java.time.InstantSource;

/** What {@link JobQueue#builder()} and {@link JobClient#over} find. */
public final class CoreEngineProvider implements EngineProvider<JobQueue.Builder, JobClient, JobStore> {
    /** For {@link java.util.ServiceLoader}. */
    public CoreEngineProvider() {}

    @Override
    public JobQueue.Builder newBuilder() {
        return new QueueBuilder();
    }

    @Override
    public JobClient clientOver(JobStore store) {
        return new StoreClient(
                new RealPlatform(InstantSource.system(), false), store, Settings.MAX_PAYLOAD, ClientEvents.none());
    }
}
