package dev.jobqueue.core;

import static java.util.Objects.requireNonNull;

import dev.jobqueue.Health;
import dev.jobqueue.JobClient;
import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.QueueState;
import dev.jobqueue.QueueStateException;
import dev.jobqueue.Submission;
import dev.jobqueue.core.delivery.DeliveryQueue;
import dev.jobqueue.core.membership.Member;
import dev.jobqueue.core.membership.Membership;
import dev.jobqueue.core.membership.Membership.Joined;
import dev.jobqueue.core.recovery.Recovery;
import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.runtime.Deadline;
import dev.jobqueue.core.runtime.Monitor;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.core.runtime.Tries;
import dev.jobqueue.core.submission.ClientEvents;
import dev.jobqueue.core.submission.Finals;
import dev.jobqueue.core.submission.StoreClient;
import dev.jobqueue.event.NodeUnnamed;
import dev.jobqueue.event.QueueStarted;
import dev.jobqueue.event.QueueStopped;
import dev.jobqueue.event.RecoveryReport;
import dev.jobqueue.event.StoreUnavailable;
import dev.jobqueue.event.TypeUnhandled;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobCount;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.JobWriter;
import dev.jobqueue.store.NameHeldException;
import dev.jobqueue.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A queue's life, from build to close. What it does while it runs, {@link Running} holds. */
final class QueueEngine implements JobQueue {
    private static final Duration LISTENERS = Duration.ofSeconds(5);
    private static final Duration CALLS = Duration.ofSeconds(10);

    private final Platform platform;
    private final JobStore store;
    private final boolean ownsStore;
    private final Settings settings;
    private final Set<String> queues;
    private final Set<String> types;
    private final Set<String> unhandled = ConcurrentHashMap.newKeySet();
    private final Reporter reporter;
    private final Membership membership;
    private final Recovery recovery;
    private final Finals finals = new Finals();
    private final Idleness idleness;
    private final StoreClient client;

    /** Held all through start, stop and close, so that these come one after another. */
    private final Monitor lifecycle;

    private volatile QueueState state = QueueState.BUILT;
    private volatile @Nullable Recovered recovered;
    private volatile @Nullable Running running;

    /** A node that has joined and recovered, and the references that wait for its start. */
    private record Recovered(Member member, RecoveryReport report, DeliveryQueue<JobId> references) {}

    private QueueEngine(Platform platform, JobStore store, boolean ownsStore, Settings settings) {
        this.platform = platform;
        this.store = store;
        this.ownsStore = ownsStore;
        this.settings = settings;
        queues = new LinkedHashSet<>(settings.queues());
        types = settings.handlers().types();
        lifecycle = platform.newMonitor();
        reporter = new Reporter(platform, settings.listeners());
        membership = new Membership(
                platform, reporter, store, settings.nodeName(), settings.lease().length(), this::wakeUp);
        recovery = new Recovery(platform, reporter, store, settings.recovery(), queues, types);
        idleness = new Idleness(platform, store, queues, types);
        client = new StoreClient(platform, store, settings.maxPayload(), new Events());
    }

    /** A queue that has joined and recovered. If it throws, it has left again. */
    static QueueEngine recovered(Platform platform, JobStore store, boolean ownsStore, Settings settings) {
        QueueEngine engine = new QueueEngine(platform, store, ownsStore, settings);
        engine.lifecycle.lock(); // who is superseded meanwhile waits for the end of this
        try {
            engine.recover(engine.membership::takeOver);
        } finally {
            engine.lifecycle.unlock();
        }
        return engine;
    }

    private void recover(Supplier<Joined> join) {
        long asked = platform.nanoTime();
        Joined joined = join.get();
        boolean shared = store.traits().shared();
        Member member =
                new Member(platform, reporter, membership, settings.lease(), shared, joined, asked, new Witness());
        DeliveryQueue<JobId> references = new DeliveryQueue<>(platform, settings.deliveryCapacity());
        try {
            member.start(); // a long recovery must not make it look dead
            if (shared && settings.unnamed()) {
                reporter.publish(new NodeUnnamed(joined.node()));
            }
            RecoveryReport report = recovery.recover(joined.node(), references);
            recovered = new Recovered(member, report, references);
        } catch (Throwable e) {
            leave(member);
            throw e;
        }
    }

    private Recovered recovered() {
        return requireNonNull(recovered);
    }

    @Override
    public void start() {
        reporter.callsBack();
        lifecycle.lock();
        try {
            switch (state) {
                case BUILT -> checkIsIn();
                case STOPPED -> {
                    recover(this::rejoined);
                    state = QueueState.BUILT; // from here on as after a build: in the store, whatever start() throws
                }
                case RUNNING -> throw refused("start", "it runs already; stop() it first");
                case SUPERSEDED -> throw refused("start", "a newer queue has its place in the store; build another");
                case CLOSED -> throw refused("start", "build another queue");
            }
            Member member = recovered().member();
            reporter.start("jobqueue-" + settings.nodeName() + "-listeners");
            // a reference says that there is work, never which job runs: the first claim takes the best there are
            recovered().references().close();
            Running started = new Running(
                    platform,
                    reporter,
                    store,
                    settings,
                    member,
                    this,
                    recovered().report().failed() > 0,
                    this::applied);
            running = started;
            state = QueueState.RUNNING;
            reporter.publish(new QueueStarted(member.node(), settings.workers()));
            start(started);
        } finally {
            lifecycle.unlock();
        }
    }

    private void checkIsIn() {
        Member member = recovered().member();
        Tries.of(platform).call(() -> {
            member.check();
            return member;
        });
        if (member.isOut()) {
            state = QueueState.SUPERSEDED;
            throw refused("start", "a newer queue has its place in the store; build another");
        }
    }

    private void start(Running started) {
        try {
            started.start();
        } catch (Throwable e) {
            stop(Duration.ZERO, QueueState.STOPPED); // a machine may have no more threads
            throw e;
        }
    }

    private Joined rejoined() {
        try {
            return membership.rejoin();
        } catch (NameHeldException e) {
            state = QueueState.SUPERSEDED;
            throw refused("start", "a newer queue has its place in the store: " + e.holder());
        }
    }

    @Override
    public void stop() {
        reporter.callsBack();
        lifecycle.lock();
        try {
            stop(settings.grace(), QueueState.STOPPED);
        } finally {
            lifecycle.unlock();
        }
    }

    private void stop(Duration grace, QueueState after) {
        Running stopping = running;
        if (stopping == null) {
            return;
        }
        long began = platform.nanoTime();
        Running.Stopped stopped = stopping.stop(grace);
        running = null;
        state = after;
        reporter.publish(new QueueStopped(
                recovered().member().node(),
                stopped.released(),
                stopped.unsettled(),
                Duration.ofNanos(platform.nanoTime() - began)));
        reporter.stop(LISTENERS);
        idleness.mayBe();
    }

    @Override
    public void close() {
        reporter.callsBack();
        lifecycle.lock();
        try {
            if (state == QueueState.CLOSED) {
                return;
            }
            if (state == QueueState.BUILT) {
                leave(recovered().member());
            }
            stop(settings.grace(), QueueState.CLOSED);
            state = QueueState.CLOSED;
            if (ownsStore) {
                store.close();
            }
        } finally {
            lifecycle.unlock();
        }
    }

    private void leave(Member member) {
        try {
            member.leave();
        } catch (RuntimeException e) {
            reporter.publish(new StoreUnavailable("leave", e));
        }
        member.stop(Deadline.in(CALLS, platform));
    }

    /** Hears what becomes of a member of this queue, on threads that a stop waits for. */
    private final class Witness implements Member.Witness {
        @Override
        public boolean vouches() {
            Running now = running;
            return now == null || now.goesOn();
        }

        @Override
        public void changed() {
            Running now = running;
            if (now != null) {
                now.memberChanged();
            }
        }

        @Override
        public void othersEnded() {
            Running now = running;
            if (now != null) {
                now.rescueNow();
            }
        }

        /** Perhaps so late that the queue has left by itself, or has joined anew: then that ended nothing. */
        @Override
        public void superseded(Member member) {
            platform.newThread("jobqueue-" + settings.nodeName() + "-ended", () -> {
                        lifecycle.lock();
                        try {
                            Recovered now = recovered;
                            if (now != null && now.member() == member && running != null) {
                                stop(Duration.ZERO, QueueState.SUPERSEDED);
                            } else if (now != null && now.member() == member && state == QueueState.BUILT) {
                                state = QueueState.SUPERSEDED;
                                leave(member);
                            }
                        } finally {
                            lifecycle.unlock();
                        }
                    })
                    .start();
        }
    }

    private QueueStateException refused(String call, String remedy) {
        return new QueueStateException(state, "cannot " + call + " a queue that is " + state + ": " + remedy);
    }

    @Override
    public RecoveryReport recovery() {
        return recovered().report();
    }

    @Override
    public Health health() {
        Running now = running;
        QueueState current = state;
        List<String> problems = new ArrayList<>(now == null ? List.of() : now.problems());
        if (now != null || current == QueueState.BUILT) {
            problems.addAll(recovered().member().problems());
        }
        if (current == QueueState.SUPERSEDED) {
            problems.add("a newer queue has this one's place in the store");
        }
        return new Health(
                current,
                recovered().member().node(),
                settings.workers(),
                now == null ? 0 : now.busy(),
                now == null ? recovered().references().size() : now.delivered(),
                now == null ? 0 : now.unsettled(),
                now == null ? 0 : now.stuck(),
                reporter.dropped(),
                recovery(),
                problems);
    }

    @Override
    public boolean awaitIdle(Duration timeout) throws InterruptedException {
        requireNonNull(timeout, "timeout");
        open("wait");
        try {
            return idleness.await(timeout, this::holdsNothingOpen, this::claims);
        } catch (StoreException e) {
            open("wait"); // closed meanwhile, perhaps with its store: that is what the caller is to know
            throw e;
        }
    }

    /** What changes with each claim: how many jobs which run has held. No record: to link its equality takes 80 ms once. */
    private Object claims() {
        Running now = running;
        return now == null ? List.of() : List.of(now, now.held());
    }

    private boolean holdsNothingOpen() {
        Running now = running;
        return now == null || now.holdsNothingOpen();
    }

    private boolean holdsNothing() {
        Running now = running;
        return now == null || now.holdsNothing();
    }

    private void applied(Change change) {
        change.to().filter(JobStatus::isFinal).ifPresent(last -> finals.tell(change.id()));
        if (holdsNothing()) {
            idleness.mayBe();
        }
    }

    private void wakeUp() {
        Running now = running;
        if (now != null) {
            now.hearAnything();
        }
    }

    private final class Events implements ClientEvents {
        @Override
        public void becamePending(String type, String queue, Instant runAt) {
            if (!types.contains(type) && !types.isEmpty() && unhandled.add(type)) {
                reporter.publish(new TypeUnhandled(type, 1)); // told once here, and counted by the next recovery
            }
            Running now = running;
            if (now != null && types.contains(type) && queues.contains(queue)) {
                now.hear(runAt);
            }
        }

        @Override
        public void changed(JobInfo seen, Change change) {
            change.runAt().ifPresent(runAt -> becamePending(seen.type(), seen.queue(), runAt));
            if (change.to().equals(Optional.of(JobStatus.CANCELLED))) {
                finals.tell(seen.id());
                Running now = running;
                if (now != null) {
                    now.cancelled(seen);
                }
                idleness.mayBe();
            }
        }

        @Override
        public Finals finals() {
            return finals;
        }
    }

    private JobClient open(String call) {
        if (state == QueueState.CLOSED) {
            throw refused(call + " with", "build another queue");
        }
        return client;
    }

    @Override
    public Submission submit(JobRequest request) {
        return open("submit").submit(request);
    }

    @Override
    public List<Submission> submitAll(List<JobRequest> requests) {
        return open("submit").submitAll(requests);
    }

    @Override
    public List<Submission> submitWithin(JobWriter writer, List<JobRequest> requests) {
        return open("submit").submitWithin(writer, requests);
    }

    @Override
    public Optional<Job> find(JobId id) {
        return open("find").find(id);
    }

    @Override
    public JobPage list(JobQuery query) {
        return open("list").list(query);
    }

    @Override
    public List<JobCount> counts(JobStatus... statuses) {
        return open("count").counts(statuses);
    }

    @Override
    public boolean retry(JobId id) {
        return open("retry").retry(id);
    }

    @Override
    public boolean cancel(JobId id) {
        return open("cancel").cancel(id);
    }

    @Override
    public Optional<JobInfo> await(JobId id, Duration timeout) throws InterruptedException {
        return open("wait").await(id, timeout);
    }
}
