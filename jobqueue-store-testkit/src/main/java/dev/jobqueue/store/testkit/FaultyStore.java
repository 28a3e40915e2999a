package dev.jobqueue.store.testkit;

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
import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.StoreTraits;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store over another one that fails at one chosen call, so that a test can ask what becomes of the jobs then. Calls are
 * counted from 1, those of sessions too, and those that were failed; {@link #traits()} and {@link #close()} do not count
 * and never fail. Thread-safe.
 */
public final class FaultyStore implements JobStore {
    /** When in a call it fails. */
    public enum Fault {
        /** Before anything is done: {@link StoreException}. */
        REFUSED,
        /**
         * After all is done, and the answer is lost: {@link OutcomeUnknownException} of a call that writes, and
         * {@link StoreException} of one that reads.
         */
        ANSWER_LOST
    }

    private final JobStore store;
    private int calls;
    private int failing;
    private Fault fault = Fault.REFUSED;
    private @Nullable String failed;

    private FaultyStore(JobStore store) {
        this.store = Objects.requireNonNull(store, "store");
    }

    /** A store that does what this one does, until it is told to fail. Closing it closes this one. */
    public static FaultyStore over(JobStore store) {
        return new FaultyStore(store);
    }

    /**
     * Lets one call fail.
     *
     * @param number which, counted from the first call of this store, 1; one that is over already never fails
     */
    public synchronized void failCall(int number, Fault how) {
        failing = number;
        fault = Objects.requireNonNull(how, "how");
    }

    /** How many calls there were. */
    public synchronized int calls() {
        return calls;
    }

    /** The name of the last call that was failed, such as {@code claim}; empty: none was. */
    public synchronized Optional<String> failedCall() {
        return Optional.ofNullable(failed);
    }

    private synchronized Optional<Fault> nextCall(String call) {
        if (++calls != failing) {
            return Optional.empty();
        }
        failed = call;
        return Optional.of(fault);
    }

    private <T> T write(String call, Supplier<T> done) {
        return call(call, done, () -> new OutcomeUnknownException("the answer of " + call + " was lost", null));
    }

    private <T> T read(String call, Supplier<T> done) {
        return call(call, done, () -> new StoreException("the answer of " + call + " was lost"));
    }

    private <T> T call(String call, Supplier<T> done, Supplier<StoreException> lost) {
        Optional<Fault> now = nextCall(call);
        if (now.equals(Optional.of(Fault.REFUSED))) {
            throw new StoreException(call + " was refused");
        }
        T answer = done.get();
        if (now.isPresent()) {
            throw lost.get();
        }
        return answer;
    }

    @Override
    public StoreTraits traits() {
        return store.traits();
    }

    @Override
    public List<InsertOutcome> insert(List<Job> jobs) {
        return write("insert", () -> store.insert(jobs));
    }

    @Override
    public List<ApplyOutcome> apply(List<Change> changes) {
        return write("apply", () -> store.apply(changes));
    }

    @Override
    public Optional<Job> find(JobId id) {
        return read("find", () -> store.find(id));
    }

    @Override
    public JobPage list(JobQuery query) {
        return read("list", () -> store.list(query));
    }

    @Override
    public List<JobCount> counts(Set<JobStatus> statuses) {
        return read("counts", () -> store.counts(statuses));
    }

    @Override
    public StoreSession join(JoinRequest request) {
        return new FaultySession(write("join", () -> store.join(request)));
    }

    @Override
    public void close() {
        store.close();
    }

    private final class FaultySession implements StoreSession {
        private final StoreSession session;

        FaultySession(StoreSession session) {
            this.session = session;
        }

        @Override
        public Claimed claim(ClaimRequest request) {
            return write("claim", () -> session.claim(request));
        }

        @Override
        public Heartbeat heartbeat(Set<Lapse> silent) {
            return write("heartbeat", () -> session.heartbeat(silent));
        }

        @Override
        public void close() {
            write("leave", () -> {
                session.close();
                return true;
            });
        }
    }
}
