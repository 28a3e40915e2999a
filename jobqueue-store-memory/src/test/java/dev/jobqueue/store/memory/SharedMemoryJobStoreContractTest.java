package dev.jobqueue.store.memory;

import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.testkit.JobStoreContract;
import dev.jobqueue.store.testkit.MovableClock;

class SharedMemoryJobStoreContractTest extends JobStoreContract {
    @Override
    protected JobStore open(MovableClock clock) {
        return MemoryJobStore.shared(clock);
    }
}
