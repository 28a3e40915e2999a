package dev.jobqueue.store.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.End;
import dev.jobqueue.store.Heartbeat;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.Lapse;
import dev.jobqueue.store.NameHeldException;
import dev.jobqueue.store.NotMemberException;
import dev.jobqueue.store.StoreSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Takes the nodes of a store and the model through the same steps, and compares who is live and whose jobs are orphans. */
final class MembershipWalk {
    private static final int JOBS = 12;
    private static final String TYPE = "mail";

    private final JobStore store;
    private final MovableClock clock;
    private final MembershipModel model;
    /** Everyone that ever asked to join, the latest first; and the lease that it asked for. */
    private final List<Node> nodes = new ArrayList<>();

    private final Map<Node, Duration> leases = new HashMap<>();
    private final Map<Node, StoreSession> sessions = new HashMap<>();
    private final Set<Lapse> seen = new HashSet<>();
    private final Map<JobId, Node> processing = new HashMap<>();

    MembershipWalk(JobStore store, MovableClock clock) {
        this.store = store;
        this.clock = clock;
        this.model = new MembershipModel(store.traits().shared());
        store.insert(IntStream.range(0, JOBS).mapToObj(this::job).toList());
    }

    private Job job(int number) {
        JobId id = JobId.of("job " + number);
        return Job.of(JobInfo.builder(id, TYPE, clock.instant()).build(), new byte[0]);
    }

    void take(List<MembershipStep> steps) {
        for (MembershipStep step : steps) {
            if (step instanceof MembershipStep.Join join) {
                Node node = Node.of("worker " + join.name(), UUID.randomUUID());
                nodes.add(0, node);
                leases.put(node, join.lease());
                join(node, join.naming());
            } else if (step instanceof MembershipStep.JoinAgain again) {
                oneOf(nodes, again.node()).ifPresent(node -> join(node, again.naming()));
            } else if (step instanceof MembershipStep.Beat beat) {
                joined(beat.node()).ifPresent(node -> beat(node, beat.ending()));
            } else if (step instanceof MembershipStep.Claim claim) {
                joined(claim.node()).ifPresent(this::claim);
            } else if (step instanceof MembershipStep.Leave leave) {
                joined(leave.node()).ifPresent(this::leave);
            } else if (step instanceof MembershipStep.Recover) {
                recover();
            } else if (step instanceof MembershipStep.Wait pause) {
                clock.advance(Duration.ofSeconds(pause.seconds()));
            }
            assertEquals(expectedOrphans(), orphans().keySet(), step::toString);
        }
    }

    private static Optional<Node> oneOf(List<Node> some, int number) {
        return some.isEmpty() ? Optional.empty() : Optional.of(some.get(number % some.size()));
    }

    private Optional<Node> joined(int number) {
        return oneOf(nodes.stream().filter(sessions::containsKey).toList(), number);
    }

    private StoreSession session(Node node) {
        return Optional.ofNullable(sessions.get(node)).orElseThrow();
    }

    private void join(Node node, MembershipStep.Naming naming) {
        Duration lease = Optional.ofNullable(leases.get(node)).orElseThrow();
        Optional<Node> holder = model.holder(node.name());
        Optional<Node> replaces = switch (naming) {
            case NOBODY -> Optional.empty();
            case HOLDER -> holder;
            case ANOTHER ->
                nodes.stream()
                        .filter(other -> !holder.equals(Optional.of(other)))
                        .findFirst();
        };
        JoinRequest plain = JoinRequest.of(node, lease, () -> {});
        JoinRequest request = replaces.map(plain::replacing).orElse(plain);
        Optional<End> ended = model.end(node);
        if (ended.isPresent()) {
            assertEquals(
                    ended,
                    assertThrows(NotMemberException.class, () -> store.join(request))
                            .ended());
        } else if (holder.filter(Predicate.not(node::equals)).isPresent() && !replaces.equals(holder)) {
            assertEquals(
                    holder,
                    Optional.of(assertThrows(NameHeldException.class, () -> store.join(request))
                            .holder()));
        } else {
            sessions.put(node, store.join(request));
            model.join(node, lease, clock.instant());
        }
    }

    /** One that has ended ends nobody: it does not watch any more. Whether it cuts others' leases is the store's affair. */
    private void beat(Node node, boolean ending) {
        boolean live = model.isLive(node);
        if (!live && model.hasLeasesToCut(clock.instant())) {
            return;
        }
        Set<Lapse> silent = live && ending ? ofOthers(node) : Set.of();
        if (live) {
            model.beat(node, silent, clock.instant());
        }
        Heartbeat beat = session(node).heartbeat(silent);
        assertEquals(model.end(node), beat.ended());
        assertEquals(clock.instant(), beat.storeTime());
        if (live) {
            assertEquals(model.runOut(clock.instant()), Set.copyOf(beat.runOut()));
        }
        seen.addAll(beat.runOut());
    }

    private Set<Lapse> ofOthers(Node node) {
        return seen.stream().filter(lapse -> !lapse.node().equals(node)).collect(Collectors.toSet());
    }

    private void claim(Node node) {
        ClaimSlot slot = ClaimSlot.of(JobInfo.DEFAULT_QUEUE, Set.of(TYPE), 1);
        ClaimRequest request = ClaimRequest.of(clock.instant().plusSeconds(600), 1, List.of(slot));
        if (model.isLive(node)) {
            List<Job> claimed = session(node).claim(request).jobs();
            assertEquals(Math.min(1, JOBS - processing.size()), claimed.size());
            claimed.forEach(job -> assertEquals(null, processing.put(job.id(), node)));
        } else {
            NotMemberException refused =
                    assertThrows(NotMemberException.class, () -> session(node).claim(request));
            assertEquals(model.end(node), refused.ended());
        }
    }

    private void leave(Node node) {
        session(node).close();
        model.leave(node);
    }

    private void recover() {
        Map<JobId, JobInfo> orphans = orphans();
        if (!orphans.isEmpty()) {
            store.apply(orphans.values().stream()
                            .map(orphan -> Change.recover(orphan, clock.instant()))
                            .toList())
                    .forEach(outcome -> assertTrue(outcome.isApplied()));
        }
        processing.keySet().removeAll(orphans.keySet());
    }

    private Set<JobId> expectedOrphans() {
        return processing.entrySet().stream()
                .filter(held -> !model.isLive(held.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private Map<JobId, JobInfo> orphans() {
        return ModelWalk.listed(store, JobFilter.any().orphans());
    }
}
