package dev.jobqueue.store.memory;

import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobCount;
import dev.jobqueue.store.Suspects;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All kinds of jobs that the store holds, by queue and type. */
final class Kinds {
    private final Map<String, Map<String, Kind>> byQueue = new HashMap<>();

    /** The kind of this queue and type, made if there is none yet. */
    Kind of(String queue, String type) {
        return byQueue.computeIfAbsent(queue, name -> new HashMap<>())
                .computeIfAbsent(type, name -> new Kind(queue, name));
    }

    /** To be called once no job of this kind is left. */
    void drop(Kind kind) {
        Map<String, Kind> ofQueue = byQueue.getOrDefault(kind.queue(), Map.of());
        ofQueue.remove(kind.type(), kind);
        if (ofQueue.isEmpty()) {
            byQueue.remove(kind.queue());
        }
    }

    /** The lanes with jobs of these queues and types; no queue, or no type: of any. */
    List<Lane> lanes(Set<String> queues, Set<String> types, Suspects choice) {
        List<Lane> lanes = new ArrayList<>();
        for (Map<String, Kind> ofQueue : some(byQueue, queues)) {
            for (Kind kind : some(ofQueue, types)) {
                if (kind.jobs(JobStatus.PENDING) > 0) {
                    kind.lanes(choice).stream().filter(lane -> !lane.isEmpty()).forEach(lanes::add);
                }
            }
        }
        return lanes;
    }

    private static <T> Collection<T> some(Map<String, T> all, Set<String> names) {
        if (names.isEmpty()) {
            return all.values();
        }
        List<T> some = new ArrayList<>(names.size());
        for (String name : names) {
            T one = all.get(name);
            if (one != null) {
                some.add(one);
            }
        }
        return some;
    }

    List<JobCount> counts(Set<JobStatus> statuses) {
        List<JobCount> counts = new ArrayList<>();
        for (Map<String, Kind> ofQueue : byQueue.values()) {
            for (Kind kind : ofQueue.values()) {
                for (JobStatus status : statuses) {
                    if (kind.jobs(status) > 0) {
                        counts.add(JobCount.of(kind.queue(), kind.type(), status, kind.jobs(status)));
                    }
                }
            }
        }
        return counts;
    }
}
