package dev.jobqueue.store.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.IllegalTransitionException;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.NotMemberException;
import dev.jobqueue.store.StoreSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Several threads take steps on one store, each as it comes; afterwards the history of each job is checked. */
final class Turmoil {
    private static final Duration LEASE = Duration.ofSeconds(6);
    /** Jobs 0 to 2, each inserted before the turmoil: an id that is used again would begin a second history. */
    private static final int JOBS = 3;

    private final JobStore store;
    private final MovableClock clock;
    private final Map<JobId, JobHistory> histories = new ConcurrentHashMap<>();
    private final Map<JobId, List<JobInfo>> sights = new ConcurrentHashMap<>();
    private Node holder = Node.of("node", UUID.randomUUID());
    private volatile StoreSession session;

    Turmoil(JobStore store, MovableClock clock) {
        this.store = store;
        this.clock = clock;
        for (int i = 0; i < JOBS; i++) {
            Job job = ModelWalk.job(new Step.Insert(i, i, 0), clock.instant());
            store.insert(List.of(job));
            histories.put(job.id(), new JobHistory());
            sights.put(job.id(), new CopyOnWriteArrayList<>(List.of(job.info())));
        }
        session = store.join(JoinRequest.of(holder, LEASE, () -> {}));
    }

    void run(List<List<Step>> threads, Duration patience) throws Exception {
        List<Callable<Integer>> works = new ArrayList<>();
        for (List<Step> steps : threads) {
            works.add(() -> {
                steps.forEach(this::take);
                return steps.size();
            });
        }
        Patience.together(patience, works);
        histories.forEach(
                (id, history) -> history.check(store.find(id).map(Job::info).orElse(null)));
    }

    private void take(Step step) {
        if (step instanceof Step.Claim claim) {
            claim(claim);
        } else if (step instanceof Step.Write write) {
            write(write);
        } else if (step instanceof Step.Join) {
            replace();
        } else if (step instanceof Step.Wait pause) {
            clock.advance(Duration.ofSeconds(pause.seconds()));
        } else if (step instanceof Step.Insert insert) {
            look(ModelWalk.id(insert.job()));
        }
    }

    private void claim(Step.Claim step) {
        ClaimSlot slot =
                ClaimSlot.of(JobInfo.DEFAULT_QUEUE, Set.of(ModelWalk.type(0), ModelWalk.type(1)), step.limit());
        try {
            session.claim(ClaimRequest.of(clock.instant().plusSeconds(60), step.limit(), List.of(slot)))
                    .jobs()
                    .forEach(job -> {
                        history(job.id()).claimed(job.info());
                        see(job.info());
                    });
        } catch (NotMemberException replaced) {
            // another thread was faster
        }
    }

    private void write(Step.Write step) {
        JobId id = ModelWalk.id(step.job());
        look(id);
        List<JobInfo> seen = sights.getOrDefault(id, List.of());
        JobInfo sight = seen.get(Math.max(0, seen.size() - 1 - Math.max(0, step.sight() - 5)));
        Change change;
        try {
            change = step.kind().from(sight, clock.instant());
        } catch (IllegalTransitionException refused) {
            return;
        }
        ApplyOutcome outcome = store.apply(List.of(change)).get(0);
        if (outcome.isApplied()) {
            record(change);
        } else if (!outcome.isMissing()) {
            JobStatus status = outcome.status().orElseThrow();
            assertTrue(
                    status != change.from() || outcome.attempt() != change.attempt(),
                    () -> "refused, although it holds: " + change);
            history(id).seen(new JobHistory.Place(status, outcome.attempt()));
        }
    }

    private void record(Change change) {
        JobHistory.Place from = new JobHistory.Place(change.from(), change.attempt());
        if (change.removes()) {
            history(change.id()).removed(from);
        } else {
            change.to().ifPresent(to -> history(change.id()).moved(from, to));
        }
    }

    private synchronized void replace() {
        Node next = Node.of("node", UUID.randomUUID());
        session = store.join(JoinRequest.of(next, LEASE, () -> {}).replacing(holder));
        holder = next;
    }

    private void look(JobId id) {
        store.find(id).map(Job::info).ifPresent(job -> {
            history(id).seen(JobHistory.Place.of(job));
            see(job);
        });
    }

    private void see(JobInfo job) {
        sights.computeIfAbsent(job.id(), id -> new CopyOnWriteArrayList<>()).add(job);
    }

    private JobHistory history(JobId id) {
        return Optional.ofNullable(histories.get(id)).orElseThrow();
    }
}
