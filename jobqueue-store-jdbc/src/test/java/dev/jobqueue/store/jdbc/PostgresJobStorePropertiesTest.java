package dev.jobqueue.store.jdbc;

import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.testkit.JobStoreProperties;
import dev.jobqueue.store.testkit.MovableClock;

class PostgresJobStorePropertiesTest extends JobStoreProperties {
    @Override
    protected JobStore openEmpty(MovableClock clock) {
        PostgresServer.clear("properties");
        return PostgresJobStore.open(
                PostgresServer.source(),
                options -> options.withSchema("properties").withClock(clock));
    }
}
