package dev.jobqueue.core.submission;

import static java.util.Objects.requireNonNull;

import dev.jobqueue.JobClient;
import dev.jobqueue.JobIdConflictException;
import dev.jobqueue.JobRequest;
import dev.jobqueue.Submission;
import dev.jobqueue.SubmitException;
import dev.jobqueue.core.runtime.Deadline;
import dev.jobqueue.core.runtime.Monitor;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.core.runtime.Tries;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Transition;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JobCount;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.JobWriter;
import dev.jobqueue.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A client over a store: writes and reads, and joins nothing. Thread-safe. */
public final class StoreClient implements JobClient {
    private static final Duration FIRST_LOOK = Duration.ofMillis(10);
    private static final Duration RARE_LOOK = Duration.ofSeconds(1);

    private final Platform platform;
    private final JobStore store;
    private final int maxPayload;
    private final ClientEvents events;
    private final JobIds ids;
    private final SharedInsert inserts;

    /**
     * Over this store.
     *
     * @param maxPayload the largest payload in bytes, if the store's own limit is not lower
     * @param events what else wants to know
     */
    public StoreClient(Platform platform, JobStore store, int maxPayload, ClientEvents events) {
        this.platform = platform;
        this.store = store;
        this.maxPayload = Math.min(maxPayload, store.traits().maxPayload());
        this.events = events;
        this.ids = new JobIds(platform);
        this.inserts = new SharedInsert(platform, store);
    }

    @Override
    public Submission submit(JobRequest request) {
        return submitAll(List.of(requireNonNull(request, "request"))).get(0);
    }

    @Override
    public List<Submission> submitAll(List<JobRequest> requests) {
        if (requests.isEmpty()) {
            return List.of();
        }
        List<Job> jobs = jobs(requests);
        Tries tries = Tries.of(platform);
        List<InsertOutcome> outcomes = tried(jobs, tries, () -> inserts.insert(jobs));
        return submissions(requests, jobs, outcomes, tries, this::becamePending);
    }

    private void becamePending(JobInfo job) {
        events.becamePending(job.type(), job.queue(), job.runAt());
    }

    @Override
    public List<Submission> submitWithin(JobWriter writer, List<JobRequest> requests) {
        if (requests.isEmpty()) {
            return List.of();
        }
        List<Job> jobs = jobs(requests);
        List<InsertOutcome> outcomes = writer.insert(jobs);
        // nobody can claim them before the commit, of which only the store can tell
        return submissions(requests, jobs, outcomes, Tries.of(platform), job -> {});
    }

    private List<Submission> submissions(
            List<JobRequest> requests,
            List<Job> jobs,
            List<InsertOutcome> outcomes,
            Tries tries,
            Consumer<JobInfo> onStored) {
        List<Submission> submissions = new ArrayList<>();
        List<JobId> conflicts = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            Job job = jobs.get(i);
            boolean stored = outcomes.get(i).isStored();
            if (!stored && requests.get(i).id().isEmpty()) {
                stored = true; // the id was made for this job alone: a try whose answer was lost has stored it
            } else if (!stored) {
                Optional<Job> there = tried(jobs, tries, () -> store.find(job.id()));
                stored = tries.outcomeUnknown() && there.isPresent() && isOwn(there.get(), job);
                if (there.isPresent() && !isSame(there.get(), job)) {
                    conflicts.add(job.id());
                }
            }
            submissions.add(new Submission(job.id(), stored));
            if (stored) {
                onStored.accept(job.info());
            }
        }
        if (!conflicts.isEmpty()) {
            throw new JobIdConflictException(conflicts, submissions);
        }
        return submissions;
    }

    private List<Job> jobs(List<JobRequest> requests) {
        int most = store.traits().maxBatch();
        if (requests.size() > most) {
            throw new IllegalArgumentException("at most " + most + " jobs can be submitted at once, but were "
                    + requests.size() + "; submit them in several batches");
        }
        return requests.stream().map(this::toJob).toList();
    }

    private Job toJob(JobRequest request) {
        if (request.payloadLength() > maxPayload) {
            throw new IllegalArgumentException("the payload must be at most " + maxPayload + " bytes, but was "
                    + request.payloadLength() + "; keep it elsewhere and submit where it is, or raise maxPayload");
        }
        return request.toJob(request.id().orElseGet(ids::next), platform.now());
    }

    private static <T> T tried(List<Job> jobs, Tries tries, Supplier<T> storeCall) {
        try {
            return tries.call(storeCall);
        } catch (StoreException e) {
            throw new SubmitException(
                    jobs.stream().map(Job::id).toList(),
                    "the store did not answer for the jobs, tried for up to " + Tries.BOUND.toSeconds() + " s: "
                            + e.getMessage(),
                    e);
        }
    }

    /** After a lost answer: whether it was this submit that stored the job, and not another one before or since. */
    private static boolean isOwn(Job there, Job own) {
        return isSame(there, own) && there.info().createdAt().equals(own.info().createdAt());
    }

    private static boolean isSame(Job there, Job own) {
        return there.info().type().equals(own.info().type()) && Arrays.equals(there.payload(), own.payload());
    }

    @Override
    public Optional<Job> find(JobId id) {
        // a store may share its own array: the host gets one that it may write to
        return store.find(id).map(job -> Job.of(job.info(), job.payload().clone()));
    }

    @Override
    public JobPage list(JobQuery query) {
        JobPage page = store.list(query);
        return JobPage.of(page.jobs().stream().filter(query.filter()::matches).toList(), page.next());
    }

    @Override
    public List<JobCount> counts(JobStatus... statuses) {
        return store.counts(statuses.length == 0 ? EnumSet.allOf(JobStatus.class) : Set.of(statuses));
    }

    @Override
    public boolean retry(JobId id) {
        return change(id, Transition.RETRY, Change::retry);
    }

    @Override
    public boolean cancel(JobId id) {
        return change(id, Transition.CANCEL, Change::cancel);
    }

    /** Reads the job and makes the change, again and again until that is done or the job allows it no more. */
    private boolean change(JobId id, Transition edge, BiFunction<JobInfo, Instant, Change> make) {
        Tries tries = Tries.of(platform);
        Optional<JobInfo> seen = tries.call(() -> info(id));
        while (seen.isPresent() && edge.allowedFrom(seen.get().status())) {
            JobInfo job = seen.get();
            Change change = make.apply(job, platform.now());
            ApplyOutcome outcome = tries.call(() -> store.apply(List.of(change)).get(0));
            boolean doneBefore = tries.outcomeUnknown() && outcome.equals(ApplyOutcome.stale(edge.to(), job.attempt()));
            if (outcome.isApplied() || doneBefore) {
                events.changed(job, change);
                return true;
            }
            seen = tries.call(() -> info(id));
        }
        return false;
    }

    private Optional<JobInfo> info(JobId id) {
        return store.list(JobQuery.of(JobFilter.any().withIds(Set.of(id))).withLimit(1)).jobs().stream()
                .findFirst();
    }

    @Override
    public Optional<JobInfo> await(JobId id, Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.in(timeout, platform);
        Monitor monitor = platform.newMonitor();
        try (Finals.Wait wait = events.finals().wait(id, monitor)) {
            Duration look = FIRST_LOOK;
            while (true) {
                wait.clear();
                Optional<JobInfo> job = info(id);
                if (job.isEmpty() || job.get().status().isFinal()) {
                    return job;
                }
                if (deadline.isPast()) {
                    return Optional.empty();
                }
                Deadline.in(deadline.leftAtMost(look), platform).awaitInterruptibly(monitor, wait::isOver);
                look = look.multipliedBy(2).compareTo(RARE_LOOK) < 0 ? look.multipliedBy(2) : RARE_LOOK;
            }
        }
    }
}
