package dev.jobqueue.store.memory;

import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.testkit.JobStoreContract;
import dev.jobqueue.store.testkit.MovableClock;

class MemoryJobStoreContractTest extends JobStoreContract {
    @Override
    protected JobStore open(MovableClock clock) {
        return MemoryJobStore.create(clock);
    }
}
