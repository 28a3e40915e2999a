package dev.jobqueue.store.jdbc;

import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.testkit.JobStoreContract;
import dev.jobqueue.store.testkit.MovableClock;

class PostgresJobStoreContractTest extends JobStoreContract {
    private boolean cleared;

    @Override
    protected JobStore open(MovableClock clock) {
        if (!cleared) {
            PostgresServer.clear("contract");
            cleared = true;
        }
        return PostgresJobStore.open(
                PostgresServer.source(),
                options -> options.withSchema("contract").withClock(clock));
    }
}
