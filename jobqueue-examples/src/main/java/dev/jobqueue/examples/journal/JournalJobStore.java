package dev.jobqueue.examples.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.StoreTraits;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A durable store in one afternoon: all jobs in memory, and each batch of changes in a {@link Journal} before it is
 * answered. Exclusive, thread-safe, correct by the contract's tests; it does not scale, for each claim looks at every job.
 *
 * <p>Each write says what it makes of the jobs as a line of entries, has it on the disk, and then reads it as it would when
 * it is opened again: there is one way to become what the file says.
 */
public final class JournalJobStore implements JobStore {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Comparator<JobInfo> CLAIM_ORDER = Comparator.comparingInt(JobInfo::priority)
            .thenComparing(JobInfo::runAt)
            .thenComparing(JobInfo::id);

    private final StoreTraits traits;
    private final ExclusiveMembership membership;
    private final Journal journal;
    private final Map<JobId, Job> jobs = new TreeMap<>();

    private JournalJobStore(Journal journal, String name, InstantSource clock) {
        this.journal = journal;
        this.traits = StoreTraits.exclusive("journal " + name)
                .withDurability()
                .withMaxPayload(1 << 20)
                .withFeatures(Set.of(Feature.WAKE_UP));
        this.membership = new ExclusiveMembership(clock);
    }

    /** Opens the file's store on the system's clock; see {@link #open(Path, InstantSource)}. */
    public static JournalJobStore open(Path file) {
        return open(file, InstantSource.system());
    }

    /**
     * Opens a store, and creates it if there is no file. Drops what the journal says twice.
     *
     * @param file in a folder that exists; beside it stands a {@code .lock}
     * @throws StoreException if the file is in use, damaged, or cannot be read and written
     */
    public static JournalJobStore open(Path file, InstantSource clock) {
        Journal journal = Journal.open(file);
        boolean ready = false;
        try {
            JournalJobStore store = new JournalJobStore(journal, file.toString(), clock);
            journal.replay(store::replay);
            journal.restart(() -> store.jobs.values().stream()
                    .map(job -> line(List.of(JobJson.write(job))))
                    .iterator());
            ready = true;
            return store;
        } finally {
            if (!ready) {
                journal.close();
            }
        }
    }

    private void replay(String line) {
        try {
            JSON.readTree(line).forEach(this::take);
        } catch (JsonProcessingException | RuntimeException e) {
            throw new StoreException(traits.name() + " holds what is no job: " + e, e);
        }
    }

    /** An entry is a job that went, a new job with its payload, or one that changed; payloads never do. */
    private void take(JsonNode entry) {
        JobId id = JobJson.id(entry);
        if (JobJson.isRemoved(entry)) {
            jobs.remove(id);
        } else {
            JobInfo info = JobJson.read(entry);
            Job before = jobs.get(id);
            jobs.put(id, before == null ? Job.of(info, JobJson.payload(entry)) : before.withInfo(info));
        }
    }

    private void write(List<ObjectNode> entries) {
        if (!entries.isEmpty()) {
            journal.append(line(entries));
            entries.forEach(this::take);
        }
    }

    private static String line(List<ObjectNode> entries) {
        return JSON.createArrayNode().addAll(entries).toString();
    }

    @Override
    public StoreTraits traits() {
        return traits;
    }

    @Override
    public List<InsertOutcome> insert(List<Job> batch) {
        traits.checkInsert(batch);
        List<InsertOutcome> outcomes = insertNew(batch);
        membership.wakeUp(); // without the lock: whoever is told may call at once
        return outcomes;
    }

    private synchronized List<InsertOutcome> insertNew(List<Job> batch) {
        journal.checkOpen();
        List<ObjectNode> entries = new ArrayList<>();
        List<InsertOutcome> outcomes = new ArrayList<>();
        for (Job job : batch) {
            if (jobs.containsKey(job.id())) {
                outcomes.add(InsertOutcome.sameId());
            } else {
                entries.add(JobJson.write(job));
                outcomes.add(InsertOutcome.stored());
            }
        }
        write(entries);
        return outcomes;
    }

    @Override
    public List<ApplyOutcome> apply(List<Change> changes) {
        traits.checkApply(changes);
        List<ApplyOutcome> outcomes = applyHolding(changes);
        membership.wakeUp();
        return outcomes;
    }

    private synchronized List<ApplyOutcome> applyHolding(List<Change> changes) {
        journal.checkOpen();
        List<ObjectNode> entries = new ArrayList<>();
        List<ApplyOutcome> outcomes = new ArrayList<>();
        for (Change change : changes) {
            Job job = jobs.get(change.id());
            if (job == null) {
                outcomes.add(ApplyOutcome.missing());
            } else if (!change.holds(job.info())) {
                outcomes.add(ApplyOutcome.stale(job.info().status(), job.info().attempt()));
            } else {
                entries.add(change.applyTo(job.info()).map(JobJson::write).orElseGet(() -> JobJson.removed(job.id())));
                outcomes.add(ApplyOutcome.applied());
            }
        }
        write(entries);
        return outcomes;
    }

    @Override
    public StoreSession join(JoinRequest request) {
        synchronized (this) {
            journal.checkOpen();
        }
        return membership.join(request, claim -> claim(request.node(), claim));
    }

    private synchronized Claimed claim(Node by, ClaimRequest request) {
        journal.checkOpen();
        traits.checkClaim(request);
        Map<JobId, Job> claimed = new LinkedHashMap<>();
        for (ClaimSlot slot : request.slots()) {
            jobs.values().stream()
                    .filter(job -> slot.takes(job.info(), request.now()) && !claimed.containsKey(job.id()))
                    .sorted(Comparator.comparing(Job::info, CLAIM_ORDER))
                    .limit(Math.min(slot.limit(), request.limit() - claimed.size()))
                    .toList()
                    .forEach(job ->
                            claimed.put(job.id(), job.withInfo(job.info().claimed(by, request.now()))));
        }
        write(claimed.values().stream().map(job -> JobJson.write(job.info())).toList());
        return Claimed.of(List.copyOf(claimed.values()), nextDue(request));
    }

    private Optional<Instant> nextDue(ClaimRequest request) {
        return jobs.values().stream()
                .map(Job::info)
                .filter(job -> request.slots().stream().anyMatch(slot -> slot.waits(job)))
                .map(JobInfo::runAt)
                .filter(due -> !due.equals(JobInfo.NEVER))
                .min(Comparator.naturalOrder());
    }

    @Override
    public synchronized Optional<Job> find(JobId id) {
        journal.checkOpen();
        return Optional.ofNullable(jobs.get(id));
    }

    /** While nobody can join or leave, or an orphan would be judged by who was in a moment ago. */
    @Override
    public JobPage list(JobQuery query) {
        traits.checkList(query);
        return membership.withHolder(holder -> page(query));
    }

    private synchronized JobPage page(JobQuery query) {
        journal.checkOpen();
        Comparator<JobInfo> order = order(query.order());
        Optional<JobInfo> last = query.cursor().map(cursor -> lastOf(query.order(), cursor));
        List<JobInfo> page = jobs.values().stream()
                .map(Job::info)
                .filter(query.filter()::matches)
                .filter(job -> !query.filter().orphaned() || membership.isOrphan(job))
                .filter(job -> last.isEmpty() || order.compare(last.get(), job) < 0)
                .sorted(order)
                .limit(query.limit())
                .toList();
        boolean all = page.size() < query.limit();
        return JobPage.of(page, all ? Optional.empty() : Optional.of(cursor(query.order(), page.get(page.size() - 1))));
    }

    private static Comparator<JobInfo> order(JobOrder order) {
        return switch (order) {
            case STORE -> Comparator.comparing(JobInfo::id);
            case CLAIM -> CLAIM_ORDER;
            case NEWEST ->
                Comparator.comparing(JobInfo::createdAt)
                        .thenComparing(JobInfo::id)
                        .reversed();
        };
    }

    /** All that the orders sort by, so that a page goes on although the job it ended with has changed, or has gone. */
    private static String cursor(JobOrder order, JobInfo last) {
        return String.join(
                " ",
                order.name(),
                last.id().toString(),
                last.createdAt().toString(),
                "" + last.priority(),
                last.runAt().toString());
    }

    private static JobInfo lastOf(JobOrder order, String cursor) {
        String[] parts = cursor.split(" ", -1);
        if (parts.length != 5 || !parts[0].equals(order.name())) {
            throw new IllegalArgumentException("no cursor of this store's for the order " + order + ": " + cursor);
        }
        return JobInfo.builder(JobId.parse(parts[1]), "cursor", Instant.parse(parts[2]))
                .priority(Integer.parseInt(parts[3]))
                .runAt(Instant.parse(parts[4]))
                .build();
    }

    @Override
    public synchronized List<JobCount> counts(Set<JobStatus> statuses) {
        journal.checkOpen();
        if (statuses.isEmpty()) {
            throw new IllegalArgumentException("counts needs at least one status, but had none");
        }
        record Kind(String queue, String type, JobStatus status) {}
        Function<JobInfo, Kind> kind = job -> new Kind(job.queue(), job.type(), job.status());
        return jobs.values().stream()
                .map(Job::info)
                .filter(job -> statuses.contains(job.status()))
                .collect(Collectors.groupingBy(kind, Collectors.counting()))
                .entrySet()
                .stream()
                .map(count -> JobCount.of(
                        count.getKey().queue(),
                        count.getKey().type(),
                        count.getKey().status(),
                        count.getValue()))
                .toList();
    }

    @Override
    public synchronized void close() {
        journal.close();
    }
}
