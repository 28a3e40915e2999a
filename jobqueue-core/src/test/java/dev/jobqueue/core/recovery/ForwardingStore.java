package dev.jobqueue.core.recovery;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.Heartbeat;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JobCount;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.Lapse;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.StoreTraits;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Hands every call on to another store, through {@link #call} or a method that tests override to misbehave. */
public class ForwardingStore implements JobStore {
    private final JobStore store;

    public ForwardingStore(JobStore store) {
        this.store = store;
    }

    /** Makes a call: insert, apply, find, list, counts, join, claim, heartbeat, leave or close. */
    protected <T> T call(String name, Supplier<T> made) {
        return made.get();
    }

    @Override
    public StoreTraits traits() {
        return store.traits();
    }

    @Override
    public List<InsertOutcome> insert(List<Job> jobs) {
        return call("insert", () -> store.insert(jobs));
    }

    @Override
    public List<ApplyOutcome> apply(List<Change> changes) {
        return call("apply", () -> store.apply(changes));
    }

    @Override
    public Optional<Job> find(JobId id) {
        return call("find", () -> store.find(id));
    }

    @Override
    public JobPage list(JobQuery query) {
        return call("list", () -> store.list(query));
    }

    @Override
    public List<JobCount> counts(Set<JobStatus> statuses) {
        return call("counts", () -> store.counts(statuses));
    }

    @Override
    public StoreSession join(JoinRequest request) {
        return new Session(call("join", () -> store.join(request)));
    }

    @Override
    public void close() {
        call("close", () -> {
            store.close();
            return true;
        });
    }

    private final class Session implements StoreSession {
        private final StoreSession session;

        Session(StoreSession session) {
            this.session = session;
        }

        @Override
        public Claimed claim(ClaimRequest request) {
            return call("claim", () -> session.claim(request));
        }

        @Override
        public Heartbeat heartbeat(Set<Lapse> silent) {
            return call("heartbeat", () -> session.heartbeat(silent));
        }

        @Override
        public void close() {
            call("leave", () -> {
                session.close();
                return true;
            });
        }
    }
}
