package dev.jobqueue.store.testkit;

import static dev.jobqueue.store.testkit.JobFacts.assertSameJob;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jobqueue.job.IllegalTransitionException;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.NameHeldException;
import dev.jobqueue.store.NotMemberException;
import dev.jobqueue.store.StoreSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes a store and the model through the same steps, and compares them after each. */
final class ModelWalk {
    private static final Duration LEASE = Duration.ofSeconds(6);

    private final JobStore store;
    private final MovableClock clock;
    private final StoreModel model = new StoreModel();
    private final Map<JobId, List<JobInfo>> sights = new HashMap<>();
    private @Nullable Node holder;
    private @Nullable StoreSession session;

    ModelWalk(JobStore store, MovableClock clock) {
        this.store = store;
        this.clock = clock;
    }

    static JobId id(int job) {
        return JobId.of("job " + job);
    }

    static String type(int type) {
        return "type " + type % 2;
    }

    /** The job that an insert step is about. */
    static Job job(Step.Insert step, Instant now) {
        JobInfo info = JobInfo.builder(id(step.job()), type(step.job()), now)
                .priority(step.priority())
                .runAt(now.plusSeconds(step.delay()))
                .attributes(Map.of("delay", "" + step.delay()))
                .build();
        return Job.of(info, new byte[] {(byte) step.priority(), (byte) step.delay()});
    }

    void take(List<Step> steps) {
        join(new Step.Join(true));
        for (Step step : steps) {
            if (step instanceof Step.Insert insert) {
                insert(insert);
            } else if (step instanceof Step.Claim claim) {
                claim(claim);
            } else if (step instanceof Step.Write write) {
                write(write);
            } else if (step instanceof Step.Join join) {
                join(join);
            } else if (step instanceof Step.Leave) {
                leave();
            } else if (step instanceof Step.Wait pause) {
                clock.advance(Duration.ofSeconds(pause.seconds()));
            }
            compare();
        }
    }

    private void insert(Step.Insert step) {
        Job job = job(step, clock.instant());
        assertEquals(List.of(model.insert(job)), store.insert(List.of(job)), step::toString);
    }

    private void claim(Step.Claim step) {
        StoreSession claiming = session;
        if (claiming == null) {
            return;
        }
        String type = type(step.type());
        ClaimRequest request = ClaimRequest.of(
                clock.instant(),
                step.limit(),
                List.of(ClaimSlot.of(JobInfo.DEFAULT_QUEUE, Set.of(type), step.limit())));
        Node by = holder;
        if (by == null) {
            assertThrows(NotMemberException.class, () -> claiming.claim(request), step::toString);
            return;
        }
        List<Job> expected = model.claim(by, clock.instant(), step.limit(), type);
        Claimed claimed = claiming.claim(request);
        assertEquals(expected, claimed.jobs(), step::toString);
        if (expected.size() < step.limit()) {
            assertEquals(model.nextDue(type), claimed.nextDue(), step::toString);
        }
    }

    private void write(Step.Write step) {
        List<JobInfo> seen = sights.getOrDefault(id(step.job()), List.of());
        if (seen.isEmpty()) {
            return;
        }
        // mostly what was seen last, sometimes something older
        JobInfo sight = seen.get(Math.max(0, seen.size() - 1 - Math.max(0, step.sight() - 5)));
        Change change;
        try {
            change = step.kind().from(sight, clock.instant());
        } catch (IllegalTransitionException refused) {
            return;
        }
        assertEquals(List.of(model.apply(change)), store.apply(List.of(change)), change::toString);
    }

    private void join(Step.Join step) {
        Node node = Node.of("node", UUID.randomUUID());
        JoinRequest request = JoinRequest.of(node, LEASE, () -> {});
        if (holder != null && step.naming()) {
            request = request.replacing(holder);
        }
        if (holder != null && !step.naming()) {
            JoinRequest refused = request;
            assertEquals(
                    holder,
                    assertThrows(NameHeldException.class, () -> store.join(refused))
                            .holder());
            return;
        }
        session = store.join(request);
        holder = node;
    }

    private void leave() {
        if (session != null) {
            session.close();
            holder = null;
        }
    }

    /** No job lost, none made up, and each as the model has it. */
    private void compare() {
        Map<JobId, JobInfo> listed = listed(store, JobFilter.any());
        assertEquals(model.jobs().keySet(), listed.keySet());
        model.jobs().forEach((id, job) -> {
            JobInfo info = found(listed, id);
            assertSameJob(job.info(), info);
            see(info);
        });
        model.jobs().values().stream()
                .reduce((one, other) -> other)
                .ifPresent(last -> assertEquals(Optional.of(last), store.find(last.id())));
        Map<JobId, JobInfo> orphans = listed(store, JobFilter.any().orphans());
        String live = holder == null ? "" : holder.text();
        assertEquals(
                model.jobs().values().stream()
                        .map(Job::info)
                        .filter(job -> job.status() == JobStatus.PROCESSING
                                && !job.owner().equals(Optional.of(live)))
                        .map(JobInfo::id)
                        .toList(),
                List.copyOf(orphans.keySet()));
    }

    private static JobInfo found(Map<JobId, JobInfo> jobs, JobId id) {
        return Optional.ofNullable(jobs.get(id)).orElseThrow();
    }

    private void see(JobInfo info) {
        List<JobInfo> seen = sights.computeIfAbsent(info.id(), id -> new ArrayList<>());
        if (seen.isEmpty() || !seen.get(seen.size() - 1).equals(info)) {
            seen.add(info);
        }
    }

    /** By id, over as many pages as it takes. */
    static Map<JobId, JobInfo> listed(JobStore store, JobFilter filter) {
        Map<JobId, JobInfo> jobs = new TreeMap<>();
        JobQuery query = JobQuery.of(filter).in(JobOrder.STORE);
        JobPage page = store.list(query);
        page.jobs().forEach(job -> jobs.put(job.id(), job));
        while (page.next().isPresent()) {
            page = store.list(query.after(page.next().get()));
            page.jobs().forEach(job -> jobs.put(job.id(), job));
        }
        return jobs;
    }
}
