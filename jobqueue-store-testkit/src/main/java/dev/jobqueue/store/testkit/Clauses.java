package dev.jobqueue.store.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.StoreSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What every clause starts from: an open store without jobs, its clock, and the words to put jobs into it. */
abstract class Clauses {
    /** The type of a job that names none. */
    static final String TYPE = "mail";
    /** The lease of the nodes of the kit. */
    static final Duration LEASE = Duration.ofSeconds(6);
    /** A batch no longer than this is asked even of a store that takes more. */
    static final int LONG_BATCH = 1_000;

    final JobStoreContract contract;
    final MovableClock clock = new MovableClock();
    JobStore store;
    private @Nullable StoreSession member;
    private int made;

    Clauses(JobStoreContract contract) {
        this.contract = contract;
    }

    @BeforeEach
    void openStore() {
        store = contract.open(clock);
    }

    @AfterEach
    void closeStore() {
        if (store != null) {
            store.close();
        }
    }

    Instant now() {
        return clock.instant();
    }

    Duration patience() {
        return contract.patience();
    }

    /** A job that is not in the store yet: due now, with a payload of its own. */
    Job aJob() {
        return aJob(job -> job);
    }

    Job aJob(UnaryOperator<JobInfo.Builder> with) {
        return aJob(TYPE, with);
    }

    Job aJob(String type, UnaryOperator<JobInfo.Builder> with) {
        return aJob(newId(), type, with);
    }

    /** An id that no job has yet. Half of them have their top bit set. */
    JobId newId() {
        return JobId.of("job " + ++made);
    }

    Job aJob(JobId id, String type, UnaryOperator<JobInfo.Builder> with) {
        JobInfo info = with.apply(JobInfo.builder(id, type, now())).build();
        return Job.of(info, payloadOf(id));
    }

    /** What the kit gives a job as its payload. */
    static byte[] payloadOf(JobId id) {
        return ("payload of " + id).getBytes(UTF_8);
    }

    List<Job> jobs(int number) {
        return Stream.generate(this::aJob).limit(number).toList();
    }

    Job insert(Job job) {
        insert(List.of(job));
        return job;
    }

    List<Job> insert(List<Job> jobs) {
        for (int from = 0; from < jobs.size(); from += longBatch()) {
            store.insert(jobs.subList(from, Math.min(jobs.size(), from + longBatch())))
                    .forEach(outcome -> assertTrue(outcome.isStored(), "a new job was not stored"));
        }
        return jobs;
    }

    /** As many jobs as a batch may have, but not more than {@value #LONG_BATCH}. */
    int longBatch() {
        return Math.min(store.traits().maxBatch(), LONG_BATCH);
    }

    static Node aNode(String name) {
        return Node.of(name, UUID.randomUUID());
    }

    static JoinRequest joining(Node node) {
        return JoinRequest.of(node, LEASE, () -> {});
    }

    StoreSession join(Node node) {
        return store.join(joining(node));
    }

    /** The session of a node that is in, and stays in. */
    StoreSession member() {
        if (member == null) {
            member = join(aNode("member"));
        }
        return member;
    }

    /** A claim of jobs of the usual type in the usual queue. */
    ClaimRequest claiming(int limit) {
        return claiming(limit, ClaimSlot.of(JobInfo.DEFAULT_QUEUE, Set.of(TYPE), limit));
    }

    ClaimRequest claiming(int limit, ClaimSlot... slots) {
        return ClaimRequest.of(now(), limit, List.of(slots));
    }

    List<Job> claim(int limit) {
        return member().claim(claiming(limit)).jobs();
    }

    /** A job that the member has claimed. It stands in a queue of its own, so that no other job is in its way. */
    JobInfo claimedJob() {
        return claimedJob(member(), job -> job);
    }

    JobInfo claimedJob(StoreSession by, UnaryOperator<JobInfo.Builder> with) {
        String queue = "queue " + (made + 1);
        insert(aJob(job -> with.apply(job).queue(queue)));
        return claimAgain(by, queue);
    }

    /** A job that the member has claimed for the third time: it failed once, and then its owner ended. */
    JobInfo wornJob(UnaryOperator<JobInfo.Builder> with) {
        JobInfo job = claimedJob(member(), with);
        changed(Change.failAndRetry(job, now(), now(), "it rained"));
        changed(Change.recover(claimAgain(member(), job.queue()), now()));
        return claimAgain(member(), job.queue());
    }

    /** The one job of this queue, claimed. */
    JobInfo claimAgain(StoreSession by, String queue) {
        List<Job> jobs =
                by.claim(claiming(1, ClaimSlot.of(queue, Set.of(TYPE), 1))).jobs();
        assertEquals(1, jobs.size(), "a due job was not claimed");
        return jobs.get(0).info();
    }

    /** A PENDING job in the usual queue, of a type of its own, whose owners ended so often. */
    JobInfo crashedJob(String type, int crashes) {
        JobInfo job = insert(aJob(type, with -> with)).info();
        for (int i = 0; i < crashes; i++) {
            ClaimSlot slot = ClaimSlot.of(JobInfo.DEFAULT_QUEUE, Set.of(type), 1);
            JobInfo claimed = member().claim(claiming(1, slot)).jobs().get(0).info();
            job = changed(Change.recover(claimed, now()));
        }
        return job;
    }

    /** A job that came into this status by the rules. */
    JobInfo jobIn(JobStatus status) {
        return switch (status) {
            case PENDING -> insert(aJob(job -> job.queue("queue " + made))).info();
            case PROCESSING -> claimedJob();
            case COMPLETED -> changed(Change.complete(claimedJob(), now()));
            case FAILED -> changed(Change.fail(claimedJob(), now(), "no such address"));
            case CANCELLED -> changed(Change.cancel(claimedJob(), now()));
        };
    }

    ApplyOutcome apply(Change change) {
        List<ApplyOutcome> outcomes = store.apply(List.of(change));
        assertEquals(1, outcomes.size(), "one outcome a change");
        return outcomes.get(0);
    }

    /** Applies a change that must hold; the job as it stands then. */
    JobInfo changed(Change change) {
        assertEquals(ApplyOutcome.applied(), apply(change), change.toString());
        return info(change.id());
    }

    JobInfo info(JobId id) {
        return found(id).info();
    }

    Job found(JobId id) {
        Optional<Job> found = store.find(id);
        return found.orElseGet(() -> fail("job " + id + " is not in the store"));
    }

    void assertNotThere(Job job) {
        assertEquals(Optional.empty(), store.find(job.id()));
    }

    /** All jobs that the query lists, over as many pages as it takes. */
    List<JobInfo> listed(JobQuery query) {
        List<JobInfo> all = new ArrayList<>();
        JobPage page = store.list(query);
        all.addAll(page.jobs());
        for (int pages = 1; page.next().isPresent(); pages++) {
            assertTrue(pages < 10_000, "the pages never end");
            page = store.list(query.after(page.next().get()));
            all.addAll(page.jobs());
        }
        return all;
    }

    static List<JobId> ids(List<Job> jobs) {
        return jobs.stream().map(Job::id).toList();
    }

    static List<JobId> idsOf(List<JobInfo> jobs) {
        return jobs.stream().map(JobInfo::id).toList();
    }
}
