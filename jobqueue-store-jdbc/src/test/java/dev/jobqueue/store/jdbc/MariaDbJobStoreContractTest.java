package dev.jobqueue.store.jdbc;

import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.testkit.JobStoreContract;
import dev.jobqueue.store.testkit.MovableClock;

class MariaDbJobStoreContractTest extends JobStoreContract {
    private boolean cleared;

    @Override
    protected JobStore open(MovableClock clock) {
        if (!cleared) {
            MariaDbTestServer.clear("contract");
            cleared = true;
        }
        return MariaDbJobStore.open(
                MariaDbTestServer.source(),
                options -> options.withSchema("contract").withClock(clock));
    }
}
