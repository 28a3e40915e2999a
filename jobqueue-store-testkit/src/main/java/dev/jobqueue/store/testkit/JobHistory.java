package dev.jobqueue.store.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * All that several threads did to one job, put together afterwards: every step that the store acknowledged must lie on one
 * path along the rules, from PENDING at attempt 0 to where the job stands. Thread-safe while it is written.
 */
final class JobHistory {
    private static final Place BEGIN = new Place(JobStatus.PENDING, 0);

    /** Status and attempt: a pair that never comes back. */
    record Place(JobStatus status, int attempt) {
        static Place of(JobInfo job) {
            return new Place(job.status(), job.attempt());
        }
    }

    /** A step from one place to the next; to none, if the job was removed. */
    private record Passage(Place from, Optional<Place> to) {}

    private final Queue<Passage> passages = new ConcurrentLinkedQueue<>();
    private final Queue<Place> sights = new ConcurrentLinkedQueue<>();

    void claimed(JobInfo job) {
        passages.add(new Passage(new Place(JobStatus.PENDING, job.attempt() - 1), Optional.of(Place.of(job))));
    }

    void moved(Place from, JobStatus to) {
        passages.add(new Passage(from, Optional.of(new Place(to, from.attempt()))));
    }

    void removed(Place from) {
        passages.add(new Passage(from, Optional.empty()));
    }

    void seen(Place place) {
        sights.add(place);
    }

    /** Checks the path; {@code end} is the job as it stands, or null if there is none. */
    void check(@Nullable JobInfo end) {
        Map<Place, Passage> next = new HashMap<>();
        passages.forEach(
                passage -> assertNull(next.put(passage.from(), passage), () -> "left twice: " + passage.from()));
        Set<Place> path = new HashSet<>();
        Optional<Place> place = Optional.of(BEGIN);
        while (place.isPresent() && path.add(place.get()) && next.containsKey(place.get())) {
            Passage passage = Optional.ofNullable(next.remove(place.get())).orElseThrow();
            passage.to()
                    .ifPresent(to -> assertTrue(
                            StoreModel.hasEdge(passage.from().status(), to.status()),
                            () -> "the rules do not have: " + passage));
            place = passage.to();
        }
        assertEquals(Map.of(), next, "acknowledged, but on no path from the job's begin");
        assertEquals(place, Optional.ofNullable(end).map(Place::of), "where the job stands");
        sights.forEach(sight -> assertTrue(path.contains(sight), () -> "seen, but never reached: " + sight));
    }
}
