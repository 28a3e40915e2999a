package dev.jobqueue.store;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobLimits;
import dev.jobqueue.job.JobStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** What a store is and can do; constant for as long as it is open. Immutable. */
public final class StoreTraits {
    private static final int DEFAULT_MAX_PAYLOAD = 16 * 1024 * 1024;
    private static final int DEFAULT_MAX_BATCH = 1_000;

    private final String name;
    private final boolean shared;
    private final boolean durable;
    private final int maxPayload;
    private final int maxBatch;
    private final Set<Feature> features;

    private StoreTraits(
            String name, boolean shared, boolean durable, int maxPayload, int maxBatch, Set<Feature> features) {
        this.name = Objects.requireNonNull(name, "name");
        this.shared = shared;
        this.durable = durable;
        this.maxPayload = atLeastOne("maxPayload", maxPayload);
        this.maxBatch = atLeastOne("maxBatch", maxBatch);
        this.features = Set.copyOf(features);
    }

    /**
     * A store that admits one node at a time and loses its jobs with its process; payloads up to 16 MiB, batches up to
     * 1,000, no features.
     *
     * @param name what messages call it, such as {@code sqlite jobs.db}
     */
    public static StoreTraits exclusive(String name) {
        return new StoreTraits(name, false, false, DEFAULT_MAX_PAYLOAD, DEFAULT_MAX_BATCH, Set.of());
    }

    /** A store that admits many nodes; otherwise as {@link #exclusive}. */
    public static StoreTraits shared(String name) {
        return new StoreTraits(name, true, false, DEFAULT_MAX_PAYLOAD, DEFAULT_MAX_BATCH, Set.of());
    }

    /** The same, but what it acknowledged survives the end of its process and a loss of power. */
    public StoreTraits withDurability() {
        return new StoreTraits(name, shared, true, maxPayload, maxBatch, features);
    }

    /** The same with another largest payload, in bytes; at least 1. */
    public StoreTraits withMaxPayload(int bytes) {
        return new StoreTraits(name, shared, durable, bytes, maxBatch, features);
    }

    /** The same with another longest batch of insert, apply and claim; at least 1. */
    public StoreTraits withMaxBatch(int most) {
        return new StoreTraits(name, shared, durable, maxPayload, most, features);
    }

    /** The same with these features. */
    public StoreTraits withFeatures(Set<Feature> offered) {
        return new StoreTraits(name, shared, durable, maxPayload, maxBatch, offered);
    }

    /**
     * Refuses a batch that {@link JobWriter#insert} must refuse, whatever the store.
     *
     * @throws IllegalArgumentException with the first fault found
     */
    public void checkInsert(List<Job> jobs) {
        checkBatch("insert", jobs, Job::id);
        for (Job job : jobs) {
            checkNew(job.info());
            checkPayload(job.payload());
        }
    }

    private static void checkNew(JobInfo job) {
        if (job.status() != JobStatus.PENDING
                || job.attempt() > 0
                || job.failures() > 0
                || job.crashes() > 0
                || job.error().isPresent()) {
            throw new IllegalArgumentException(
                    "a job is inserted new: PENDING at attempt 0, without failures, crashes or error; but was " + job);
        }
        if (job.attributes().size() > JobLimits.STORED_ATTRIBUTES) {
            throw new IllegalArgumentException(
                    "a job has at most " + JobLimits.STORED_ATTRIBUTES + " attributes in a store, but " + job.id()
                            + " had " + job.attributes().size());
        }
    }

    /**
     * Refuses a payload over {@link #maxPayload()}.
     *
     * @throws IllegalArgumentException if it is
     */
    public void checkPayload(byte[] payload) {
        if (payload.length > maxPayload) {
            throw new IllegalArgumentException(
                    "the payload must be at most " + maxPayload + " bytes in " + name + ", but was " + payload.length);
        }
    }

    /**
     * Refuses a batch that {@link JobWriter#apply} must refuse, whatever the store.
     *
     * @throws IllegalArgumentException with the first fault found
     */
    public void checkApply(List<Change> changes) {
        checkBatch("apply", changes, Change::id);
    }

    /**
     * Refuses a claim of more than {@link #maxBatch()} jobs.
     *
     * @throws IllegalArgumentException if it is
     */
    public void checkClaim(ClaimRequest request) {
        checkLength("claim", request.limit());
    }

    /**
     * Refuses a page of more than {@link #maxBatch()} jobs, or a filter by more ids than that; and claim order of other jobs
     * than PENDING ones.
     *
     * @throws IllegalArgumentException if it is
     */
    public void checkList(JobQuery query) {
        checkLength("list", query.limit());
        if (!query.filter().ids().isEmpty()) {
            checkLength("a list by id", query.filter().ids().size());
        }
        if (query.order() == JobOrder.CLAIM && !query.filter().statuses().equals(Set.of(JobStatus.PENDING))) {
            throw new IllegalArgumentException("claim order is for PENDING jobs alone, but was asked for "
                    + query.filter().statuses());
        }
    }

    private <T> void checkBatch(String call, List<T> batch, Function<T, JobId> id) {
        checkLength(call, batch.size());
        Set<JobId> seen = new HashSet<>();
        for (T item : batch) {
            if (!seen.add(id.apply(item))) {
                throw new IllegalArgumentException(
                        call + " must name a job once, but named " + id.apply(item) + " twice");
            }
        }
    }

    private void checkLength(String call, int length) {
        if (length < 1 || length > maxBatch) {
            throw new IllegalArgumentException(
                    call + " must be of 1 to " + maxBatch + " jobs in " + name + ", but was of " + length);
        }
    }

    private static int atLeastOne(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " must be at least 1, but was " + value);
        }
        return value;
    }

    /** What messages call the store. */
    public String name() {
        return name;
    }

    /** Whether it admits many nodes, each with a lease; else one node, without. */
    public boolean shared() {
        return shared;
    }

    /** Whether what it acknowledged survives the end of its process. */
    public boolean durable() {
        return durable;
    }

    /** The largest payload, in bytes. */
    public int maxPayload() {
        return maxPayload;
    }

    /** The longest batch of insert, apply and claim, and the longest page. */
    public int maxBatch() {
        return maxBatch;
    }

    /** What it offers beyond the contract. */
    public Set<Feature> features() {
        return features;
    }

    @Override
    public String toString() {
        return name;
    }
}
