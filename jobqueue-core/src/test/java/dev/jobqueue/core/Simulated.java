package dev.jobqueue.core;

import dev.jobqueue.JobQueue;
import dev.jobqueue.core.runtime.Platform;

/** Builds a queue over another platform, for tests outside of this package. */
public final class Simulated {
    private Simulated() {}

    /** As {@link JobQueue.Builder#build()}. */
    public static JobQueue build(JobQueue.Builder builder, Platform platform) {
        return ((QueueBuilder) builder).build(platform);
    }

    /** As {@link JobQueue#builder()}, without a search for engines. */
    public static JobQueue.Builder builder() {
        return new QueueBuilder();
    }
}
