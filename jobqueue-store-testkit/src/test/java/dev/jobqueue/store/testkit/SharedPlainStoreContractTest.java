package dev.jobqueue.store.testkit;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.StoreTraits;
import java.util.Map;
import java.util.TreeMap;

class SharedPlainStoreContractTest extends JobStoreContract {
    private final Map<JobId, Job> disk = new TreeMap<>();
    private final Map<String, SharedPlainStore.Row> rows = new TreeMap<>();

    @Override
    protected JobStore open(MovableClock clock) {
        return new SharedPlainStore(clock, disk, rows) {
            @Override
            public StoreTraits traits() {
                return super.traits().withDurability();
            }
        };
    }

    @Override
    protected Level level() {
        return Level.CORRECT;
    }
}
