package dev.jobqueue.core.submission;

import dev.jobqueue.JobRequest;
import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.core.given.UnreliableStore;
import dev.jobqueue.core.runtime.FakePlatform;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

/** A client over a store whose calls can be made to fail, on a virtual clock. */
abstract class OneClient {
    static final JobRequest REQUEST = JobRequest.of(SomeJobs.TYPE, "hello");
    static final JobId OWN = JobId.of("order-4711");

    final FakePlatform platform = new FakePlatform();
    final MemoryJobStore real = MemoryJobStore.create(platform::now);
    final UnreliableStore store = new UnreliableStore(real);
    final List<String> told = new ArrayList<>();
    final StoreClient client = new StoreClient(platform, store, 100, new Told());

    private final class Told implements ClientEvents {
        private final Finals finals = new Finals();

        @Override
        public void becamePending(String type, String queue, Instant runAt) {
            told.add(type + " in " + queue);
        }

        @Override
        public void changed(JobInfo seen, Change change) {
            told.add(change.to().orElseThrow().toString());
        }

        @Override
        public Finals finals() {
            return finals;
        }
    }

    StoreSession session() {
        return real.join(JoinRequest.of(SomeJobs.NODE, Duration.ofSeconds(6), () -> {}));
    }

    JobInfo claimed(JobId id) {
        session().claim(ClaimRequest.of(platform.now(), 1, List.of(ClaimSlot.of("default", Set.of(SomeJobs.TYPE), 1))));
        return info(id);
    }

    JobInfo failed(JobId id) {
        real.apply(List.of(Change.fail(claimed(id), platform.now(), "broken")));
        return info(id);
    }

    JobInfo info(JobId id) {
        return real.find(id).orElseThrow().info();
    }

    @AfterEach
    void leaveNoInterrupt() {
        Thread.interrupted();
    }
}
