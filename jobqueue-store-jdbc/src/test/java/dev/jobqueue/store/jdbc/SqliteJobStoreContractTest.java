package dev.jobqueue.store.jdbc;

import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.testkit.JobStoreContract;
import dev.jobqueue.store.testkit.MovableClock;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteJobStoreContractTest extends JobStoreContract {
    @TempDir
    Path dir;

    @Override
    protected JobStore open(MovableClock clock) {
        return SqliteJobStore.open(dir.resolve("jobs.db"), clock);
    }
}
