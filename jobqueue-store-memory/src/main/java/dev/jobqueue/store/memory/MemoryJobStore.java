package dev.jobqueue.store.memory;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.Feature;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JobCount;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.StoreTraits;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A job store in memory: for tests, and for work that may die with its process. Bounded by the heap alone. Thread-safe.
 *
 * <pre>{@code
 * MemoryJobStore store = MemoryJobStore.create();
 * JobQueue queue = JobQueue.builder().store(store).handler("email", job -> mailer.send(job.text())).build();
 * }</pre>
 *
 * <p>One that was {@linkplain #create() created} admits one node at a time, and outlives its queue: build a second queue
 * over the same store, and it takes over from the first and recovers what that left behind. A {@linkplain #shared()
 * shared} one admits many, as a store on a server does, so that several nodes can be tested in one JVM. Its jobs are lost
 * with the process, or when it is closed.
 *
 * <p>A claim costs about the same however many jobs wait, and so does a page of them in the order of claims. A page of
 * the newest jobs costs what the asked statuses hold. Payloads are kept as they are given and not copied.
 */
public final class MemoryJobStore implements JobStore {
    private final StoreTraits traits;
    private final Membership membership;
    private final Lock lock = new ReentrantLock();
    private Jobs jobs = new Jobs();
    private volatile boolean closed;

    private MemoryJobStore(StoreTraits traits, InstantSource clock) {
        this.traits = traits.withFeatures(Set.of(Feature.WAKE_UP));
        this.membership = traits.shared()
                ? new SharedMembership(clock, lock, node -> jobs.shelves().hasOwner(node.text()))
                : Membership.exclusive(clock);
    }

    /** An empty store that admits one node at a time. */
    public static MemoryJobStore create() {
        return create(InstantSource.system());
    }

    /** The same, whose time is this clock's. It only tells the time: whether a job is due, each claim says. */
    public static MemoryJobStore create(InstantSource clock) {
        return new MemoryJobStore(StoreTraits.exclusive("memory"), clock);
    }

    /** An empty store that admits many nodes, each with a name and a lease. */
    public static MemoryJobStore shared() {
        return shared(InstantSource.system());
    }

    /** The same, whose time is this clock's: by it leases run out. Whether a job is due, each claim says. */
    public static MemoryJobStore shared(InstantSource clock) {
        return new MemoryJobStore(StoreTraits.shared("memory"), clock);
    }

    @Override
    public StoreTraits traits() {
        return traits;
    }

    @Override
    public List<InsertOutcome> insert(List<Job> batch) {
        traits.checkInsert(batch);
        List<InsertOutcome> outcomes = new ArrayList<>(batch.size());
        boolean claimable = locked(() -> {
            boolean any = false;
            for (Job job : batch) {
                InsertOutcome outcome = jobs.insert(job);
                any |= outcome.isStored() && !job.info().runAt().equals(JobInfo.NEVER);
                outcomes.add(outcome);
            }
            return any;
        });
        wakeUpIf(claimable);
        return outcomes;
    }

    @Override
    public List<ApplyOutcome> apply(List<Change> changes) {
        traits.checkApply(changes);
        List<ApplyOutcome> outcomes = new ArrayList<>(changes.size());
        boolean claimable = locked(() -> {
            boolean any = false;
            for (Change change : changes) {
                ApplyOutcome outcome = jobs.apply(change);
                any |= outcome.isApplied() && change.to().orElse(change.from()) == JobStatus.PENDING;
                outcomes.add(outcome);
            }
            return any;
        });
        wakeUpIf(claimable);
        return outcomes;
    }

    /** Without the lock, since who is told may call the store. Also for jobs due later: they may be due before it wakes. */
    private void wakeUpIf(boolean claimable) {
        if (claimable) {
            membership.wakeUp();
        }
    }

    @Override
    public Optional<Job> find(JobId id) {
        return locked(() -> Optional.ofNullable(jobs.find(id)).map(StoredJob::job));
    }

    @Override
    public JobPage list(JobQuery query) {
        traits.checkList(query);
        return membership.withLive(live -> locked(() -> new Listing(jobs, query, live).page()));
    }

    @Override
    public List<JobCount> counts(Set<JobStatus> statuses) {
        if (statuses.isEmpty()) {
            throw new IllegalArgumentException("counts needs at least one status, but had none");
        }
        return locked(() -> jobs.counts(statuses));
    }

    @Override
    public StoreSession join(JoinRequest request) {
        Node node = request.node();
        checkOpen();
        return membership.join(request, claim -> {
            traits.checkClaim(claim);
            return locked(() -> jobs.claim(node, claim));
        });
    }

    /** Ends the store and drops its jobs. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            jobs = new Jobs();
        } finally {
            lock.unlock();
        }
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            checkOpen();
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new StoreException("the memory store is closed");
        }
    }
}
