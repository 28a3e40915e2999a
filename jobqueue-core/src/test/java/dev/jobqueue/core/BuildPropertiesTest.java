package dev.jobqueue.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobQueue;
import dev.jobqueue.core.recovery.ForwardingStore;
import dev.jobqueue.core.recovery.LeftBehind;
import dev.jobqueue.core.runtime.FakePlatform;
import dev.jobqueue.event.RecoveryReport;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** Whatever an earlier process left behind. */
class BuildPropertiesTest {
    private static final Set<String> TYPES = Set.of("known", "old");
    private static final Set<String> QUEUES = Set.of("default", "mail");

    /** A job to leave behind; its run-at in seconds from now. Some orphans can't be put back, and some are taken by others. */
    private record Seed(JobStatus status, String type, String queue, int priority, int runAt, Fate fate) {}

    private enum Fate {
        FINE,
        REFUSED,
        CANCELLED_MEANWHILE
    }

    /** What was left, and a queue over it. */
    private static final class World extends ForwardingStore {
        final FakePlatform platform;
        final MemoryJobStore store;
        final List<JobInfo> before = new ArrayList<>();
        final Map<Fate, List<JobInfo>> fates;
        int longest;
        int pagesAndBatches;
        int counts;

        World(FakePlatform platform, MemoryJobStore store, List<Seed> seeds) {
            super(store);
            this.platform = platform;
            this.store = store;
            LeftBehind left = new LeftBehind(store);
            Map<JobInfo, Fate> orphans = new LinkedHashMap<>();
            // PENDING ones last, as it wants them
            seeds.stream()
                    .sorted(Comparator.comparing(seed -> seed.status() == JobStatus.PENDING))
                    .forEach(seed -> {
                        JobInfo job = left.in(
                                seed.status(),
                                left.next(seed.type())
                                        .queue(seed.queue())
                                        .priority(seed.priority())
                                        .runAt(platform.now().plusSeconds(seed.runAt())));
                        before.add(job);
                        if (seed.status() == JobStatus.PROCESSING) {
                            orphans.put(job, seed.fate());
                        }
                    });
            fates = orphans.keySet().stream().collect(Collectors.groupingBy(orphans::get));
        }

        List<JobInfo> fated(Fate fate) {
            return fates.getOrDefault(fate, List.of());
        }

        JobQueue build(int pageSize, int capacity) {
            QueueBuilder builder = new QueueBuilder();
            builder.store(this)
                    .nodeName("next")
                    .queues("default", "mail")
                    .deliveryCapacity(capacity)
                    .recovery(options -> options.withPageSize(pageSize))
                    .handler("known", job -> {}, options -> options.withAliases("old"));
            return builder.build(platform);
        }

        @Override
        protected <T> T call(String name, Supplier<T> made) {
            pagesAndBatches += Set.of("list", "apply").contains(name) ? 1 : 0;
            counts += name.equals("counts") ? 1 : 0;
            return super.call(name, made);
        }

        @Override
        public JobPage list(JobQuery query) {
            longest = Math.max(longest, query.limit());
            return super.list(query);
        }

        @Override
        public List<ApplyOutcome> apply(List<Change> changes) {
            longest = Math.max(longest, changes.size());
            Set<Object> ids = changes.stream().map(Change::id).collect(Collectors.toSet());
            if (fated(Fate.REFUSED).stream().anyMatch(job -> ids.contains(job.id()))) {
                throw new IllegalArgumentException("refused");
            }
            fated(Fate.CANCELLED_MEANWHILE).stream()
                    .filter(job -> ids.contains(job.id()))
                    .forEach(job -> store.apply(List.of(Change.cancel(job, platform.now()))));
            return super.apply(changes);
        }
    }

    private static World world(List<Seed> seeds) {
        FakePlatform platform = new FakePlatform();
        return new World(platform, MemoryJobStore.create(platform::now), seeds);
    }

    @Provide
    Arbitrary<List<Seed>> seeds() {
        return Combinators.combine(
                        Arbitraries.of(JobStatus.class),
                        Arbitraries.of("known", "old", "strange"),
                        Arbitraries.of("default", "mail", "other"),
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.integers().between(-3, 3),
                        Arbitraries.frequencyOf(
                                Tuple.of(6, Arbitraries.just(Fate.FINE)),
                                Tuple.of(1, Arbitraries.just(Fate.REFUSED)),
                                Tuple.of(1, Arbitraries.just(Fate.CANCELLED_MEANWHILE))))
                .as(Seed::new)
                .list()
                .ofMaxSize(40);
    }

    @Property
    void reportAddsUp(
            @ForAll("seeds") List<Seed> seeds,
            @ForAll @IntRange(min = 1, max = 12) int pageSize,
            @ForAll @IntRange(min = 1, max = 12) int capacity) {
        World world = world(seeds);
        RecoveryReport report = world.build(pageSize, capacity).recovery();
        List<JobInfo> after = LeftBehind.all(world.store);

        assertEquals(world.fates.values().stream().mapToInt(List::size).sum(), report.found());
        assertEquals(world.fated(Fate.FINE).size(), report.recovered());
        assertEquals(world.fated(Fate.REFUSED).size(), report.failed());
        assertEquals(
                Set.copyOf(world.fated(Fate.REFUSED).stream().map(JobInfo::id).toList()),
                report.failures().stream().map(RecoveryReport.Failure::jobId).collect(Collectors.toSet()));
        assertEquals(0, report.quarantined());
        assertEquals(after.stream().filter(BuildPropertiesTest::isServed).count(), report.pending());
        assertEquals(report.pending(), report.delivered() + report.deferred());
        long due = after.stream()
                .filter(BuildPropertiesTest::isServed)
                .filter(job -> !job.runAt().isAfter(world.platform.now()))
                .count();
        assertEquals(Math.min(due, capacity), report.delivered());
        assertEquals(
                after.stream()
                        .filter(job -> job.status() == JobStatus.PENDING && !TYPES.contains(job.type()))
                        .collect(Collectors.groupingBy(JobInfo::type, Collectors.counting())),
                report.unhandled());
    }

    private static boolean isServed(JobInfo job) {
        return job.status() == JobStatus.PENDING && TYPES.contains(job.type()) && QUEUES.contains(job.queue());
    }

    /** Invariants 4 and 7, and what becomes of each job. */
    @Property
    void putsOrphansBackAndTouchesNothingElse(
            @ForAll("seeds") List<Seed> seeds, @ForAll @IntRange(min = 1, max = 12) int pageSize) {
        World world = world(seeds);
        world.build(pageSize, 5);
        Map<Object, JobInfo> after =
                LeftBehind.all(world.store).stream().collect(Collectors.toMap(JobInfo::id, Function.identity()));

        assertEquals(world.before.size(), after.size());
        for (JobInfo job : world.before) {
            JobInfo now = after.get(job.id());
            if (world.fated(Fate.FINE).contains(job)) {
                assertEquals(
                        job.toBuilder()
                                .status(JobStatus.PENDING)
                                .owner(null)
                                .crashes(1)
                                .changedAt(world.platform.now())
                                .build(),
                        now);
            } else if (world.fated(Fate.CANCELLED_MEANWHILE).contains(job)) {
                assertEquals(JobStatus.CANCELLED, now.status());
            } else {
                assertEquals(job, now);
            }
        }
    }

    /** Invariant 8: pages are bounded; the number of calls grows with the orphans, not with the backlog. */
    @Property
    void isBounded(@ForAll("seeds") List<Seed> seeds, @ForAll @IntRange(min = 1, max = 12) int pageSize) {
        World world = world(seeds);
        RecoveryReport report = world.build(pageSize, 5).recovery();

        assertTrue(world.longest <= pageSize, () -> "a page or batch of " + world.longest);
        assertEquals(1, world.counts);
        long orphans = report.found();
        long pages = orphans / pageSize + 1;
        long references = 5 / pageSize + 1;
        long most = pages + pages + orphans + references;
        assertTrue(world.pagesAndBatches <= most, () -> world.pagesAndBatches + " calls, more than " + most);
    }

    @Property
    void changesNothingWhenDoneAgain(
            @ForAll("seeds") List<Seed> seeds,
            @ForAll @IntRange(min = 1, max = 12) int pageSize,
            @ForAll @IntRange(min = 1, max = 12) int capacity) {
        World world = world(seeds);
        RecoveryReport first = world.build(pageSize, capacity).recovery();
        List<JobInfo> before = LeftBehind.all(world.store);
        RecoveryReport second = world.build(pageSize, capacity).recovery();

        assertEquals(before, LeftBehind.all(world.store));
        assertEquals(first.failed(), second.found(), "those that could not be put back are found again");
        assertEquals(0, second.recovered());
        assertEquals(first.delivered(), second.delivered());
        assertEquals(first.pending(), second.pending());
    }
}
