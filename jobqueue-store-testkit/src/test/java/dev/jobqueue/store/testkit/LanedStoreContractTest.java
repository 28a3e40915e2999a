package dev.jobqueue.store.testkit;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.store.JobStore;
import java.util.Map;
import java.util.TreeMap;

class LanedStoreContractTest extends JobStoreContract {
    private final Map<JobId, Job> disk = new TreeMap<>();

    @Override
    protected JobStore open(MovableClock clock) {
        return new LanedStore(clock, disk);
    }
}
