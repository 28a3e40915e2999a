package dev.jobqueue.store.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jobqueue.job.JobInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class LanePropertiesTest {
    private static final long START = TestJobs.START.toEpochMilli();
    private static final Comparator<StoredJob> CLAIM_ORDER = Comparator.<StoredJob>comparingInt(
                    job -> job.info().priority())
            .thenComparing(job -> job.info().runAt())
            .thenComparing(job -> job.info().id());

    @Property
    void walksDueJobsInTheOrderOfClaims(
            @ForAll("jobs") List<StoredJob> jobs, @ForAll @LongRange(min = -2, max = 8) long by) {
        Lane lane = laneOf(jobs);

        assertEquals(due(jobs, START + by), all(lane.due(START + by)));
    }

    @Property
    void goesOnAfterAnyTurn(
            @ForAll("jobs") List<StoredJob> jobs,
            @ForAll @LongRange(min = -2, max = 8) long by,
            @ForAll @IntRange(min = 0, max = 40) int at) {
        Lane lane = laneOf(jobs);
        List<StoredJob> ordered = jobs.stream().sorted(CLAIM_ORDER).toList();
        if (at < ordered.size()) {
            List<StoredJob> rest = ordered.subList(at + 1, ordered.size());

            assertEquals(
                    due(rest, START + by), all(lane.dueAfter(ordered.get(at).turn(), START + by)));
        }
    }

    @Property
    void forgetsWhatWasRemoved(@ForAll("jobs") List<StoredJob> jobs, @ForAll Set<@IntRange(max = 40) Integer> removed) {
        Lane lane = laneOf(jobs);
        List<StoredJob> left = new ArrayList<>(jobs);
        removed.stream().filter(at -> at < jobs.size()).map(jobs::get).forEach(job -> {
            lane.remove(job);
            left.remove(job);
        });

        assertEquals(due(left, Long.MAX_VALUE), all(lane.due(Long.MAX_VALUE)));
        assertEquals(left.isEmpty(), lane.isEmpty());
    }

    @Property
    void tellsTheEarliestRunAt(@ForAll("jobs") List<StoredJob> jobs) {
        long earliest = jobs.stream()
                .map(StoredJob::info)
                .filter(job -> !job.runAt().equals(JobInfo.NEVER))
                .mapToLong(job -> job.runAt().toEpochMilli())
                .min()
                .orElse(Long.MAX_VALUE);

        assertEquals(earliest, laneOf(jobs).earliestDue());
    }

    private static Lane laneOf(List<StoredJob> jobs) {
        Lane lane = new Lane();
        jobs.forEach(lane::add);
        return lane;
    }

    private static List<StoredJob> due(List<StoredJob> jobs, long by) {
        return jobs.stream()
                .filter(job -> job.info().runAt().toEpochMilli() <= by)
                .sorted(CLAIM_ORDER)
                .toList();
    }

    private static List<StoredJob> all(java.util.Iterator<StoredJob> walk) {
        List<StoredJob> all = new ArrayList<>();
        walk.forEachRemaining(all::add);
        return all;
    }

    @Provide
    Arbitrary<List<StoredJob>> jobs() {
        Kind kind = new Kind("default", "email");
        Arbitrary<Long> runAts = Arbitraries.longs().between(0, 6);
        return Combinators.combine(Arbitraries.longs(), Arbitraries.integers().between(0, 9), runAts)
                .as((number, priority, runAt) -> TestJobs.aJob(number)
                        .priority(priority)
                        .runAt(runAt == 6 ? JobInfo.NEVER : TestJobs.START.plusMillis(runAt)))
                .map(job -> new StoredJob(1, kind, TestJobs.stored(job)))
                .list()
                .ofMaxSize(40)
                .uniqueElements(job -> job.info().id())
                .withoutEdgeCases();
    }
}
