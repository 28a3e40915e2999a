package dev.jobqueue.store.memory;

import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.testkit.JobStoreProperties;
import dev.jobqueue.store.testkit.MovableClock;

class SharedMemoryJobStorePropertiesTest extends JobStoreProperties {
    @Override
    protected JobStore openEmpty(MovableClock clock) {
        return MemoryJobStore.shared(clock);
    }
}
