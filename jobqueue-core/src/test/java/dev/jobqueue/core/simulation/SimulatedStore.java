package dev.jobqueue.core.simulation;

import dev.jobqueue.core.simulation.Weather.Fate;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The shared store as one process reaches it: what the weather allows, shown to the auditor as it happens. */
final class SimulatedStore implements JobStore {
    private final Scheduler scheduler;
    private final Process process;
    private final Weather weather;
    private final Trace trace;
    private final Auditor auditor;
    private final JobStore store;

    /** Runs the latest join's wake-up. */
    private @Nullable Runnable wakeUp;

    SimulatedStore(
            Scheduler scheduler, Process process, Weather weather, Trace trace, Auditor auditor, JobStore store) {
        this.scheduler = scheduler;
        this.process = process;
        this.weather = weather;
        this.trace = trace;
        this.auditor = auditor;
        this.store = store;
    }

    /**
     * Makes a call, or not.
     *
     * @param again whether it may be done twice
     * @param hinders whether comparing needs it
     * @param real the call and what the auditor says to it, in one step
     */
    private <T> T call(Supplier<String> what, boolean again, boolean hinders, Supplier<T> real) {
        scheduler.point();
        SplittableRandom random = scheduler.random();
        if (weather.isAway(process, scheduler.now())) {
            auditor.trouble(process, true);
            scheduler.sleep(Duration.ofMillis(random.nextInt(300)));
            trace.line(scheduler, () -> what.get() + ": the store is away");
            throw random.nextBoolean()
                    ? new StoreException("away")
                    : new OutcomeUnknownException("away, perhaps after it was done", null);
        }
        if (Thread.currentThread().isInterrupted() && random.nextBoolean()) {
            throw new StoreException("interrupted"); // as the contract allows
        }
        Fate fate = again ? weather.fate(random) : weather.fateOfClaim(random);
        if (fate != Fate.FINE) {
            auditor.trouble(process, hinders);
            trace.line(scheduler, () -> what.get() + " is " + fate);
        }
        switch (fate) {
            case FINE -> {
                if (random.nextInt(4) == 0) {
                    scheduler.sleep(Duration.ofNanos(random.nextInt(2_000_000)));
                }
            }
            case SLOW -> {
                return slow(what, hinders, real, random);
            }
            case REFUSED -> throw new StoreException("refused by the simulation");
            case LOST -> throw unknown();
            case LATE -> {
                scheduler.in(upTo(Weather.CALL_BOUND, random), () -> late(what, real));
                throw unknown();
            }
            case DIES_BEFORE -> dies();
            case ANSWER_LOST, TWICE, DIES_AFTER -> {}
        }
        T answer = made(what, real);
        switch (fate) {
            case ANSWER_LOST -> throw unknown();
            case TWICE -> {
                if (again) {
                    scheduler.in(upTo(Weather.CALL_BOUND, random), () -> late(what, real));
                }
            }
            case DIES_AFTER -> dies();
            default -> scheduler.point();
        }
        return answer;
    }

    /** What is on its way arrives, whatever becomes of who sent it meanwhile. */
    private <T> T slow(Supplier<String> what, boolean hinders, Supplier<T> real, SplittableRandom random) {
        Duration there = upTo(weather.slowest, random);
        AtomicReference<Supplier<T>> answer = new AtomicReference<>();
        scheduler.in(there, () -> answer.set(answer(what, real)));
        Duration both = there.plus(upTo(weather.slowest, random));
        auditor.busy(process, both);
        scheduler.sleep(both);
        auditor.trouble(process, hinders);
        return answer.get().get();
    }

    private <T> Supplier<T> answer(Supplier<String> what, Supplier<T> real) {
        try {
            T answer = made(what, real);
            return () -> answer;
        } catch (RuntimeException e) {
            return () -> {
                throw e;
            };
        }
    }

    private <T> T made(Supplier<String> what, Supplier<T> real) {
        try {
            T answer = real.get();
            trace.line(scheduler, () -> what.get() + " = " + Texts.answer(answer));
            return answer;
        } catch (RuntimeException e) {
            trace.line(scheduler, () -> what.get() + " threw " + e);
            throw e;
        }
    }

    /** Nobody waits for its answer any more. */
    private void late(Supplier<String> what, Supplier<?> real) {
        try {
            made(() -> "LATE " + process + " " + what.get(), real);
        } catch (RuntimeException e) {
            // nobody hears it
        }
    }

    private void dies() {
        scheduler.kill(process);
        throw Vanished.NOW;
    }

    private static Duration upTo(Duration longest, SplittableRandom random) {
        return Duration.ofNanos(random.nextLong(longest.toNanos()));
    }

    private static OutcomeUnknownException unknown() {
        return new OutcomeUnknownException("lost by the simulation", null);
    }

    @Override
    public StoreTraits traits() {
        return store.traits();
    }

    @Override
    public List<InsertOutcome> insert(List<Job> jobs) {
        return call(() -> "insert " + Texts.jobs(jobs), true, false, () -> {
            List<InsertOutcome> outcomes = store.insert(jobs);
            auditor.inserted(process, jobs, outcomes);
            return outcomes;
        });
    }

    @Override
    public List<ApplyOutcome> apply(List<Change> changes) {
        List<ApplyOutcome> answer = call(() -> "apply " + Texts.changes(changes), true, true, () -> {
            List<ApplyOutcome> outcomes = store.apply(changes);
            auditor.applied(process, changes, outcomes);
            return outcomes;
        });
        auditor.answered(changes);
        return answer;
    }

    @Override
    public Optional<Job> find(JobId id) {
        return call(() -> "find " + Texts.id(id), true, false, () -> store.find(id));
    }

    @Override
    public JobPage list(JobQuery query) {
        return call(() -> "list " + query, true, true, () -> store.list(query));
    }

    @Override
    public List<JobCount> counts(Set<JobStatus> statuses) {
        return call(() -> "counts", true, false, () -> store.counts(statuses));
    }

    @Override
    public StoreSession join(JoinRequest request) {
        long sent = scheduler.now();
        wakeUp = request.wakeUp();
        JoinRequest wired = wired(request);
        StoreSession session = call(() -> "join " + request.node() + " for " + request.replaces(), true, false, () -> {
            StoreSession joined = store.join(wired);
            auditor.joined(process, request);
            return joined;
        });
        auditor.renewed(request.node(), sent);
        return new Session(request.node(), session);
    }

    /** A wake-up takes its time, and finds nobody if the process is gone. */
    private JoinRequest wired(JoinRequest request) {
        JoinRequest wired = JoinRequest.of(request.node(), request.lease(), this::wakeSoon);
        return request.replaces().map(wired::replacing).orElse(wired);
    }

    private boolean waking;

    private void wakeSoon() {
        if (waking || !weather.wakes() || process.isGone() || weather.isAway(process, scheduler.now())) {
            return;
        }
        waking = true;
        scheduler.in(Duration.ofNanos(scheduler.random().nextInt(3_000_000)), () -> {
            waking = false;
            Runnable wake = wakeUp;
            if (!process.isGone() && wake != null) {
                scheduler.spawn(process, "wake-up", wake);
            }
        });
    }

    @Override
    public void close() {
        // the world's, not a process's
    }

    private final class Session implements StoreSession {
        private final Node node;
        private final StoreSession session;

        Session(Node node, StoreSession session) {
            this.node = node;
            this.session = session;
        }

        @Override
        public Claimed claim(ClaimRequest request) {
            long sent = scheduler.now();
            Claimed answer = call(() -> "claim " + request.limit(), false, false, () -> {
                Claimed claimed = session.claim(request);
                auditor.claimed(process, node, request, claimed, sent);
                return claimed;
            });
            auditor.arrived(answer);
            return answer;
        }

        @Override
        public Heartbeat heartbeat(Set<Lapse> silent) {
            long sent = scheduler.now();
            Heartbeat answer = call(() -> "heartbeat " + silent, true, false, () -> {
                Heartbeat heartbeat = session.heartbeat(silent);
                auditor.beat(process, node, silent, heartbeat, sent);
                return heartbeat;
            });
            auditor.heard(node, answer, sent);
            return answer;
        }

        @Override
        public void close() {
            call(() -> "leave", true, false, () -> {
                session.close();
                auditor.left(node);
                return "left";
            });
        }
    }
}
