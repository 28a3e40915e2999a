package dev.jobqueue.store.testkit;

import dev.jobqueue.store.JobStore;
import java.util.TreeMap;

class SharedPlainStorePropertiesTest extends JobStoreProperties {
    @Override
    protected JobStore openEmpty(MovableClock clock) {
        return new SharedPlainStore(clock, new TreeMap<>());
    }
}
