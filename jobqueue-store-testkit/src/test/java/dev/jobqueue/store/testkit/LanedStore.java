package dev.jobqueue.store.testkit;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.JobOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/** A plain store that scales: PENDING jobs stand in a lane by queue and type, the ready ones apart from the later ones. */
class LanedStore extends PlainStore {
    private final Map<List<String>, Lane> lanes = new HashMap<>();

    private final class Lane {
        final TreeSet<JobInfo> ready = new TreeSet<>(order(JobOrder.CLAIM));
        final TreeSet<JobInfo> later =
                new TreeSet<>(Comparator.comparing(JobInfo::runAt).thenComparing(JobInfo::id));
    }

    LanedStore(MovableClock clock, Map<JobId, Job> disk) {
        super(clock, disk);
        disk.values().forEach(job -> enter(job.info()));
    }

    @Override
    void put(Job job) {
        Optional.ofNullable(disk.get(job.id())).map(Job::info).ifPresent(old -> {
            lane(old).ready.remove(old);
            lane(old).later.remove(old);
        });
        super.put(job);
        enter(job.info());
    }

    private void enter(JobInfo job) {
        if (job.status() == JobStatus.PENDING) {
            lane(job).later.add(job);
        }
    }

    private Lane lane(JobInfo job) {
        return lanes.computeIfAbsent(List.of(job.queue(), job.type()), key -> new Lane());
    }

    private List<Lane> lanes(ClaimSlot slot) {
        return slot.types().stream()
                .map(type -> lanes.get(List.of(slot.queue(), type)))
                .filter(Objects::nonNull)
                .toList();
    }

    @Override
    synchronized Claimed claim(Node by, ClaimRequest request) {
        checkOpen();
        traits().checkClaim(request);
        List<Job> claimed = new ArrayList<>();
        for (ClaimSlot slot : request.slots()) {
            best(slot, request.now(), room(slot, request, claimed.size()))
                    .forEach(job -> claimed.add(claimed(disk.get(job.id()), by, request.now())));
        }
        return Claimed.of(claimed, claimed.size() < request.limit() ? nextDue(request) : Optional.empty());
    }

    private List<JobInfo> best(ClaimSlot slot, Instant now, int limit) {
        List<JobInfo> best = new ArrayList<>();
        for (Lane lane : lanes(slot)) {
            while (!lane.later.isEmpty() && !lane.later.first().runAt().isAfter(now)) {
                lane.ready.add(lane.later.pollFirst());
            }
            lane.ready.stream().filter(job -> slot.takes(job, now)).limit(limit).forEach(best::add);
        }
        return best.stream().sorted(order(JobOrder.CLAIM)).limit(limit).toList();
    }
}
