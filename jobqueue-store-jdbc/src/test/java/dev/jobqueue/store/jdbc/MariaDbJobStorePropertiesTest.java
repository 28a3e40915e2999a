package dev.jobqueue.store.jdbc;

import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.testkit.JobStoreProperties;
import dev.jobqueue.store.testkit.MovableClock;

class MariaDbJobStorePropertiesTest extends JobStoreProperties {
    @Override
    protected JobStore openEmpty(MovableClock clock) {
        MariaDbTestServer.clear("properties");
        return MariaDbJobStore.open(
                MariaDbTestServer.source(),
                options -> options.withSchema("properties").withClock(clock));
    }
}
