package dev.jobqueue.store.testkit;

import dev.jobqueue.store.JobStore;
import java.util.TreeMap;

class SharedPlainStoreContractTest extends JobStoreContract {
    @Override
    protected JobStore open(MovableClock clock) {
        return new SharedPlainStore(clock, new TreeMap<>());
    }

    @Override
    protected Level level() {
        return Level.CORRECT;
    }
}
