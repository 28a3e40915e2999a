package dev.jobqueue.store.testkit;

import dev.jobqueue.store.JobStore;
import java.util.TreeMap;

class PlainStorePropertiesTest extends JobStoreProperties {
    @Override
    protected JobStore openEmpty(MovableClock clock) {
        return new PlainStore(clock, new TreeMap<>());
    }
}
