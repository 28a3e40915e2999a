package dev.jobqueue.examples.journal;

import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.testkit.JobStoreContract;
import dev.jobqueue.store.testkit.Level;
import dev.jobqueue.store.testkit.MovableClock;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class JournalJobStoreContractTest extends JobStoreContract {
    @TempDir
    Path dir;

    @Override
    protected JobStore open(MovableClock clock) {
        return JournalJobStore.open(dir.resolve("jobs.journal"), clock);
    }

    /** Each claim looks at every job: see the clauses of scaling as skipped. */
    @Override
    protected Level level() {
        return Level.CORRECT;
    }
}
