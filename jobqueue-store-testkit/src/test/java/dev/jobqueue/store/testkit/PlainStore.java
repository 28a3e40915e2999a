package dev.jobqueue.store.testkit;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.ExclusiveMembership;
import dev.jobqueue.store.Feature;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JobCount;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.StoreTraits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A store as plain as can be: a map, and a lock around everything. It is correct and does not scale. Each step that a
 * broken store does wrongly is a method of its own.
 */
class PlainStore implements JobStore {
    final Map<JobId, Job> disk;
    final ExclusiveMembership membership;
    private boolean closed;

    /** The map is the disk: who opens a store over the same one again finds its jobs. */
    PlainStore(MovableClock clock, Map<JobId, Job> disk) {
        this.disk = disk;
        this.membership = new ExclusiveMembership(clock);
    }

    @Override
    public StoreTraits traits() {
        return StoreTraits.exclusive("plain").withDurability().withFeatures(Set.of(Feature.WAKE_UP));
    }

    @Override
    public List<InsertOutcome> insert(List<Job> jobs) {
        List<InsertOutcome> outcomes;
        synchronized (this) {
            checkOpen();
            traits().checkInsert(jobs);
            outcomes = jobs.stream().map(this::insertOne).toList();
        }
        wakeUp();
        return outcomes;
    }

    InsertOutcome insertOne(Job job) {
        if (disk.containsKey(job.id())) {
            return InsertOutcome.sameId();
        }
        put(job);
        return InsertOutcome.stored();
    }

    @Override
    public List<ApplyOutcome> apply(List<Change> changes) {
        List<ApplyOutcome> outcomes;
        synchronized (this) {
            checkOpen();
            traits().checkApply(changes);
            outcomes = changes.stream().map(this::applyOne).toList();
        }
        wakeUp();
        return outcomes;
    }

    ApplyOutcome applyOne(Change change) {
        Job job = disk.get(change.id());
        if (job == null) {
            return ApplyOutcome.missing();
        }
        if (!holds(change, job.info())) {
            return ApplyOutcome.stale(job.info().status(), job.info().attempt());
        }
        write(change, job);
        return ApplyOutcome.applied();
    }

    boolean holds(Change change, JobInfo now) {
        return change.holds(now);
    }

    void write(Change change, Job job) {
        change.applyTo(job.info()).ifPresentOrElse(info -> put(job.withInfo(info)), () -> disk.remove(job.id()));
    }

    void put(Job job) {
        disk.put(job.id(), job);
    }

    void wakeUp() {
        membership.wakeUp();
    }

    @Override
    public synchronized Optional<Job> find(JobId id) {
        checkOpen();
        return Optional.ofNullable(disk.get(id));
    }

    @Override
    public JobPage list(JobQuery query) {
        return membership.withHolder(holder -> listNow(query));
    }

    private synchronized JobPage listNow(JobQuery query) {
        checkOpen();
        check(query);
        Comparator<JobInfo> order = order(query.order());
        Optional<JobInfo> last = query.cursor().map(cursor -> stoppedAt(cursor, query.order()));
        List<JobInfo> jobs = disk.values().stream()
                .map(Job::info)
                .filter(job -> lists(query.filter(), job))
                .filter(job -> last.isEmpty() || order.compare(last.get(), job) < 0)
                .sorted(order)
                .toList();
        return page(jobs, query);
    }

    void check(JobQuery query) {
        traits().checkList(query);
    }

    JobInfo stoppedAt(String cursor, JobOrder order) {
        return PlainCursor.read(cursor, order);
    }

    JobPage page(List<JobInfo> rest, JobQuery query) {
        if (rest.size() <= query.limit()) {
            return JobPage.of(rest, Optional.empty());
        }
        List<JobInfo> page = rest.subList(0, query.limit());
        return JobPage.of(page, Optional.of(PlainCursor.write(page.get(page.size() - 1), query.order())));
    }

    boolean lists(JobFilter filter, JobInfo job) {
        return filter.matches(job) && (!filter.orphaned() || isOrphan(job));
    }

    boolean isOrphan(JobInfo job) {
        return membership.isOrphan(job);
    }

    Comparator<JobInfo> order(JobOrder order) {
        return switch (order) {
            case STORE -> Comparator.comparing(JobInfo::id);
            case CLAIM ->
                Comparator.comparingInt(JobInfo::priority)
                        .thenComparing(JobInfo::runAt)
                        .thenComparing(JobInfo::id);
            case NEWEST ->
                Comparator.comparing(JobInfo::createdAt)
                        .thenComparing(JobInfo::id)
                        .reversed();
        };
    }

    @Override
    public synchronized List<JobCount> counts(Set<JobStatus> statuses) {
        checkOpen();
        return disk.values().stream()
                .map(Job::info)
                .filter(job -> statuses.contains(job.status()))
                .collect(Collectors.groupingBy(
                        job -> List.of(job.queue(), job.type(), job.status()), Collectors.toList()))
                .values()
                .stream()
                .map(same -> JobCount.of(
                        same.get(0).queue(), same.get(0).type(), same.get(0).status(), same.size()))
                .toList();
    }

    @Override
    public StoreSession join(JoinRequest request) {
        checkOpen();
        return membership.join(request, claim -> claim(request.node(), claim));
    }

    synchronized Claimed claim(Node by, ClaimRequest request) {
        checkOpen();
        traits().checkClaim(request);
        List<Job> claimed = new ArrayList<>();
        for (ClaimSlot slot : request.slots()) {
            disk.values().stream()
                    .filter(job -> takes(slot, job.info(), request.now()))
                    .sorted(Comparator.comparing(Job::info, order(JobOrder.CLAIM)))
                    .limit(room(slot, request, claimed.size()))
                    .toList()
                    .forEach(job -> claimed.add(claimed(job, by, request.now())));
        }
        return Claimed.of(claimed, nextDue(request));
    }

    int room(ClaimSlot slot, ClaimRequest request, int claimed) {
        return Math.min(slot.limit(), request.limit() - claimed);
    }

    boolean takes(ClaimSlot slot, JobInfo job, Instant now) {
        return slot.takes(job, now);
    }

    Job claimed(Job job, Node by, Instant now) {
        Job claimed = job.withInfo(job.info().claimed(by, now));
        put(claimed);
        return claimed;
    }

    Optional<Instant> nextDue(ClaimRequest request) {
        return disk.values().stream()
                .map(Job::info)
                .filter(job -> request.slots().stream().anyMatch(slot -> slot.waits(job)))
                .map(JobInfo::runAt)
                .filter(due -> !due.equals(JobInfo.NEVER))
                .min(Comparator.naturalOrder());
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    synchronized void checkOpen() {
        if (closed) {
            throw new StoreException("the store is closed");
        }
    }
}
