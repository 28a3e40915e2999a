package dev.jobqueue.core.given;

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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** A store over another, whose calls meet the trouble that a test has in mind; and are counted. Thread-safe. */
public final class UnreliableStore implements JobStore {
    /** The calls that can meet trouble. */
    public enum Call {
        INSERT,
        APPLY,
        FIND,
        LIST,
        COUNTS,
        JOIN,
        CLAIM,
        HEARTBEAT,
        LEAVE
    }

    /** Chooses the trouble of each call; null: none. */
    @FunctionalInterface
    public interface Plan {
        Trouble of(Call call);
    }

    private final JobStore store;
    private final Map<Call, Deque<Trouble>> next = new EnumMap<>(Call.class);
    private final Map<Call, Integer> calls = new EnumMap<>(Call.class);
    private final List<List<Job>> inserted = new CopyOnWriteArrayList<>();
    private final List<List<Change>> applied = new CopyOnWriteArrayList<>();
    private Plan plan = call -> null;

    public UnreliableStore(JobStore store) {
        this.store = store;
    }

    /** The next calls of this kind meet these, one each. */
    public synchronized void next(Call call, Trouble... troubles) {
        next.computeIfAbsent(call, any -> new ArrayDeque<>()).addAll(List.of(troubles));
    }

    /** From now on every call of this kind meets this. */
    public void always(Call kind, Trouble trouble) {
        plan(call -> call == kind ? trouble : null);
    }

    /** From now on every call meets what is planned. */
    public synchronized void plan(Plan every) {
        plan = every;
    }

    /** From now on every call is just made. */
    public synchronized void heal() {
        plan = call -> null;
        next.clear();
    }

    /** How many calls of this kind were made so far. */
    public synchronized int calls(Call call) {
        return calls.getOrDefault(call, 0);
    }

    /** What insert was asked for, call by call. */
    public List<List<Job>> inserted() {
        return inserted;
    }

    /** What apply was asked for, call by call. */
    public List<List<Change>> applied() {
        return applied;
    }

    private synchronized Trouble troubleOf(Call call) {
        calls.merge(call, 1, Integer::sum);
        Deque<Trouble> planned = next.getOrDefault(call, new ArrayDeque<>());
        return planned.isEmpty() ? plan.of(call) : planned.remove();
    }

    private <T> T made(Call call, Supplier<T> real) {
        Trouble trouble = troubleOf(call);
        if (trouble == null) {
            return real.get();
        }
        AtomicReference<T> answer = new AtomicReference<>();
        trouble.meet(() -> answer.set(real.get()));
        return answer.get();
    }

    @Override
    public StoreTraits traits() {
        return store.traits();
    }

    @Override
    public List<InsertOutcome> insert(List<Job> jobs) {
        inserted.add(new ArrayList<>(jobs));
        return made(Call.INSERT, () -> store.insert(jobs));
    }

    @Override
    public List<ApplyOutcome> apply(List<Change> changes) {
        applied.add(new ArrayList<>(changes));
        return made(Call.APPLY, () -> store.apply(changes));
    }

    @Override
    public Optional<Job> find(JobId id) {
        return made(Call.FIND, () -> store.find(id));
    }

    @Override
    public JobPage list(JobQuery query) {
        return made(Call.LIST, () -> store.list(query));
    }

    @Override
    public List<JobCount> counts(Set<JobStatus> statuses) {
        return made(Call.COUNTS, () -> store.counts(statuses));
    }

    @Override
    public StoreSession join(JoinRequest request) {
        return new Session(made(Call.JOIN, () -> store.join(request)));
    }

    @Override
    public void close() {
        store.close();
    }

    private final class Session implements StoreSession {
        private final StoreSession session;

        Session(StoreSession session) {
            this.session = session;
        }

        @Override
        public Claimed claim(ClaimRequest request) {
            return made(Call.CLAIM, () -> session.claim(request));
        }

        @Override
        public Heartbeat heartbeat(Set<Lapse> silent) {
            return made(Call.HEARTBEAT, () -> session.heartbeat(silent));
        }

        @Override
        public void close() {
            made(Call.LEAVE, () -> {
                session.close();
                return true;
            });
        }
    }
}
