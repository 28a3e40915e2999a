package dev.jobqueue.store.memory;

import static dev.jobqueue.store.memory.TestJobs.START;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.JobCount;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.Suspects;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.BeforeTry;

/** Random writes from a seed; after them every way to read the store agrees with a scan of all its jobs. */
class MemoryJobStoreModelPropertiesTest {
    private static final Comparator<JobInfo> CLAIM_ORDER = Comparator.comparingInt(JobInfo::priority)
            .thenComparing(JobInfo::runAt)
            .thenComparing(JobInfo::id);
    private static final Comparator<JobInfo> NEWEST =
            Comparator.comparing(JobInfo::createdAt).thenComparing(JobInfo::id).reversed();
    private static final List<String> QUEUES = List.of("default", "slow");
    private static final List<String> TYPES = List.of("email", "report", "invoice");

    private MemoryJobStore store;
    private StoreSession session;

    @BeforeTry
    void openStore() {
        store = MemoryJobStore.create(() -> START);
        session = TestJobs.join(store, "node");
    }

    @Property
    void claimsWhatAScanWouldClaim(@ForAll Random chance) {
        for (int round = 0; round < 10; round++) {
            writes(chance, 10);
            ClaimRequest request = aClaim(chance);
            Scan scan = Scan.of(everything(), request);

            Claimed claimed = session.claim(request);

            assertEquals(
                    scan.claimed().stream().map(JobInfo::id).toList(),
                    claimed.jobs().stream().map(Job::id).toList());
            assertEquals(scan.nextDue(), claimed.nextDue());
            claimed.jobs().forEach(job -> assertEquals(Optional.of(job), store.find(job.id())));
        }
    }

    @Property
    void listsWhatAScanWouldList(@ForAll Random chance) {
        writes(chance, 60);
        session.claim(aClaim(chance));
        JobFilter filter = aFilter(chance);
        JobFilter pending = filter.withStatuses(Set.of(JobStatus.PENDING));
        int limit = 1 + chance.nextInt(7);

        List<JobInfo> matching = matching(filter::matches);

        assertEquals(new HashSet<>(matching), new HashSet<>(pages(filter, JobOrder.STORE, limit)));
        assertEquals(matching.size(), pages(filter, JobOrder.STORE, limit).size());
        assertEquals(matching.stream().sorted(NEWEST).toList(), pages(filter, JobOrder.NEWEST, limit));
        assertEquals(
                matching(pending::matches).stream().sorted(CLAIM_ORDER).toList(),
                pages(pending, JobOrder.CLAIM, limit));
    }

    @Property
    void countsWhatAScanWouldCount(@ForAll Random chance) {
        writes(chance, 60);
        session.claim(aClaim(chance));

        Set<JobCount> counted = everything().stream()
                .collect(Collectors.groupingBy(
                        job -> List.of(job.queue(), job.type(), job.status()), Collectors.counting()))
                .entrySet()
                .stream()
                .map(some -> JobCount.of(
                        (String) some.getKey().get(0),
                        (String) some.getKey().get(1),
                        (JobStatus) some.getKey().get(2),
                        some.getValue()))
                .collect(Collectors.toSet());

        assertEquals(counted, new HashSet<>(store.counts(Set.of(JobStatus.values()))));
    }

    private void writes(Random chance, int number) {
        for (int i = 0; i < number; i++) {
            JobInfo.Builder job = JobInfo.builder(
                            TestJobs.stored(chance.nextLong()).id(),
                            one(TYPES, chance),
                            START.plusMillis(chance.nextInt(5)))
                    .queue(one(QUEUES, chance))
                    .priority(chance.nextInt(10))
                    .runAt(chance.nextInt(8) == 0 ? JobInfo.NEVER : START.plusMillis(chance.nextInt(10)));
            store.insert(List.of(TestJobs.stored(job)));
            if (chance.nextBoolean()) {
                store.apply(List.of(aChange(one(everything(), chance), chance)));
            }
        }
    }

    private static Change aChange(JobInfo job, Random chance) {
        Instant runAt = START.plusMillis(chance.nextInt(10));
        return switch (job.status()) {
            case PENDING ->
                switch (chance.nextInt(4)) {
                    case 0 -> Change.cancel(job, START);
                    case 1 -> Change.amend(job, START).withPriority(chance.nextInt(10));
                    default -> Change.amend(job, START).withRunAt(runAt);
                };
            case PROCESSING ->
                switch (chance.nextInt(8)) {
                    case 0 -> Change.complete(job, START);
                    case 1 -> Change.fail(job, START, "failed");
                    case 2 -> Change.failAndRetry(job, START, runAt, "failed");
                    default -> Change.recover(job, START);
                };
            case FAILED -> Change.retry(job, START);
            case COMPLETED, CANCELLED -> Change.remove(job);
        };
    }

    private static ClaimRequest aClaim(Random chance) {
        List<ClaimSlot> slots = new ArrayList<>();
        for (int i = 0; i <= chance.nextInt(3); i++) {
            Set<String> types = Set.of(one(TYPES, chance), "unknown");
            slots.add(ClaimSlot.of(
                            one(QUEUES, chance),
                            chance.nextBoolean() ? Set.copyOf(TYPES) : types,
                            1 + chance.nextInt(5))
                    .withSuspects(one(List.of(Suspects.values()), chance)));
        }
        return ClaimRequest.of(START.plusMillis(chance.nextInt(12) - 1), 1 + chance.nextInt(12), slots);
    }

    private JobFilter aFilter(Random chance) {
        JobFilter filter = JobFilter.any();
        if (chance.nextInt(3) == 0) {
            filter = filter.withStatuses(EnumSet.of(JobStatus.PROCESSING, one(List.of(JobStatus.values()), chance)));
        }
        if (chance.nextInt(4) == 0) {
            filter = filter.withOwner(TestJobs.node("node").text());
        }
        if (chance.nextInt(3) == 0) {
            filter = filter.withQueues(Set.of(one(QUEUES, chance)));
        }
        if (chance.nextInt(3) == 0) {
            filter = filter.withTypes(new HashSet<>(List.of(one(TYPES, chance), one(TYPES, chance))));
        }
        if (chance.nextInt(3) == 0) {
            filter = filter.withDueBy(START.plusMillis(chance.nextInt(12) - 1));
        }
        if (chance.nextInt(4) == 0) {
            filter = filter.withIds(everything().stream()
                    .filter(job -> chance.nextBoolean())
                    .map(JobInfo::id)
                    .collect(Collectors.collectingAndThen(Collectors.toSet(), ids -> {
                        ids.add(TestJobs.stored(0).id());
                        return ids;
                    })));
        }
        return filter;
    }

    private List<JobInfo> pages(JobFilter filter, JobOrder order, int limit) {
        JobQuery query = JobQuery.of(filter).in(order).withLimit(limit);
        JobPage page = store.list(query);
        List<JobInfo> all = new ArrayList<>(page.jobs());
        while (page.next().isPresent()) {
            page = store.list(query.after(page.next().get()));
            all.addAll(page.jobs());
        }
        return all;
    }

    private List<JobInfo> everything() {
        return pages(JobFilter.any(), JobOrder.STORE, 1_000);
    }

    private List<JobInfo> matching(Predicate<JobInfo> condition) {
        return everything().stream().filter(condition).toList();
    }

    private static <T> T one(List<T> all, Random chance) {
        return all.get(chance.nextInt(all.size()));
    }

    /** What a claim must give, by the words of the contract. */
    private record Scan(List<JobInfo> claimed, Optional<Instant> nextDue) {
        static Scan of(List<JobInfo> jobs, ClaimRequest request) {
            List<JobInfo> left = new ArrayList<>(jobs);
            List<JobInfo> claimed = new ArrayList<>();
            for (ClaimSlot slot : request.slots()) {
                List<JobInfo> taken = left.stream()
                        .filter(job -> slot.takes(job, request.now()))
                        .sorted(CLAIM_ORDER)
                        .limit(Math.min(slot.limit(), request.limit() - claimed.size()))
                        .toList();
                left.removeAll(taken);
                claimed.addAll(taken);
            }
            Optional<Instant> nextDue = left.stream()
                    .filter(job -> request.slots().stream().anyMatch(slot -> slot.waits(job)))
                    .map(JobInfo::runAt)
                    .filter(runAt -> !runAt.equals(JobInfo.NEVER))
                    .min(Comparator.naturalOrder());
            return new Scan(claimed, claimed.size() < request.limit() ? nextDue : Optional.empty());
        }
    }
}
