package dev.jobqueue.job;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything about a job but its payload. Immutable; times are whole milliseconds.
 *
 * <p>An instance is consistent: it has an owner exactly while PROCESSING, and a finish time exactly when final.
 */
public final class JobInfo {
    /** The run-at of a job that waits for others and is never due by itself: 9999-12-31T23:59:59.999Z. */
    public static final Instant NEVER = JobLimits.NEVER;
    /** The queue of a job that names none. */
    public static final String DEFAULT_QUEUE = "default";
    /** The priority of a job that names none. */
    public static final int DEFAULT_PRIORITY = 5;
    /** A job that crashed this often in a row is a suspect: it may be the one that kills its process. */
    public static final int SUSPECT_CRASHES = 2;
    /** The attribute of a suspect that runs alone on its node: the attempt that does. The queue's own. */
    public static final String ALONE = "jobqueue.alone";
    /** The attribute that counts {@link #convictions()}. The queue's own. */
    public static final String CONVICTIONS = "jobqueue.convictions";

    private final JobId id;
    private final String type;
    private final String queue;
    private final int priority;
    private final Instant runAt;
    private final JobStatus status;
    private final int attempt;
    private final int failures;
    private final int crashes;
    private final @Nullable String owner;
    private final @Nullable String hint;
    private final Instant createdAt;
    private final Instant changedAt;
    private final @Nullable Instant finishedAt;
    private final @Nullable String error;
    private final Map<String, String> attributes;
    private final byte @Nullable [] memo;

    private JobInfo(Builder from) {
        id = from.id;
        type = from.type;
        queue = from.queue;
        priority = from.priority;
        runAt = from.runAt != null ? from.runAt : from.createdAt;
        status = from.status;
        attempt = from.attempt;
        failures = from.failures;
        crashes = from.crashes;
        owner = from.owner;
        hint = from.hint;
        createdAt = from.createdAt;
        changedAt = from.changedAt != null ? from.changedAt : from.createdAt;
        finishedAt = from.finishedAt;
        error = from.error;
        attributes = from.attributes;
        memo = from.memo;
    }

    /**
     * A builder of a job that is PENDING at attempt 0, in the default queue with the default priority.
     *
     * @param createdAt when the job came to be; also its run-at, unless another is set
     */
    public static Builder builder(JobId id, String type, Instant createdAt) {
        return new Builder(id, type, createdAt);
    }

    /** A builder that holds all of this job. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /**
     * What a claim makes of this job: PROCESSING, owned by {@code by}, at the next attempt.
     *
     * @throws IllegalTransitionException if the job is not PENDING
     */
    public JobInfo claimed(Node by, Instant now) {
        Transition.CLAIM.check(this);
        return toBuilder()
                .status(Transition.CLAIM.to())
                .owner(by.text())
                .attempt(attempt + 1)
                .changedAt(now)
                .build();
    }

    /** Who the job is. */
    public JobId id() {
        return id;
    }

    /** The job's kind: the name under which its handler is registered. 1 to 200 characters. */
    public String type() {
        return type;
    }

    /** The named line that the job waits in. 1 to 200 characters; {@value #DEFAULT_QUEUE} unless chosen. */
    public String queue() {
        return queue;
    }

    /** 0 (first) to 9 (last); {@value #DEFAULT_PRIORITY} unless chosen. */
    public int priority() {
        return priority;
    }

    /** When the job is due. */
    public Instant runAt() {
        return runAt;
    }

    /** Where the job stands. */
    public JobStatus status() {
        return status;
    }

    /** How often the job was claimed. Never goes down, so it is the fencing token of its latest claim. */
    public int attempt() {
        return attempt;
    }

    /** How many attempts ended in FAIL since the job was submitted, or retried by a person. */
    public int failures() {
        return failures;
    }

    /** How often in a row the job was PROCESSING when its owner ended. */
    public int crashes() {
        return crashes;
    }

    /** Whether it crashed so often in a row ({@value #SUSPECT_CRASHES}) that it may be the cause. */
    public boolean suspect() {
        return crashes >= SUSPECT_CRASHES;
    }

    /** Whether its latest attempt was alone on its node, so that a crash of it says that this job is the cause. */
    public boolean alone() {
        return Integer.toString(attempt).equals(attributes.get(ALONE));
    }

    /** How many of its crashes it suffered alone on its node, since crashes were last 0. */
    public int convictions() {
        try {
            return Math.max(0, Integer.parseInt(attributes.getOrDefault(CONVICTIONS, "0")));
        } catch (NumberFormatException e) {
            return 0; // another program's doing, which convicts nobody
        }
    }

    /** The {@link Node#text()} of the node that claimed the job; only while PROCESSING. */
    public Optional<String> owner() {
        return Optional.ofNullable(owner);
    }

    /** Where the store finds the job; the store's own, opaque to all others, no part of {@link #equals}. */
    public Optional<String> hint() {
        return Optional.ofNullable(hint);
    }

    /** When the job was submitted. */
    public Instant createdAt() {
        return createdAt;
    }

    /** When the job last changed. */
    public Instant changedAt() {
        return changedAt;
    }

    /** When the job became final; only while it is. */
    public Optional<Instant> finishedAt() {
        return Optional.ofNullable(finishedAt);
    }

    /** Why the job last failed, if it ever did. Up to 4,000 characters. */
    public Optional<String> error() {
        return Optional.ofNullable(error);
    }

    /** What travels with the job beside its payload; keys that begin with {@code jobqueue.} are the queue's own. */
    public Map<String, String> attributes() {
        return attributes;
    }

    /** Up to 64 KiB that the queue keeps with the job. A copy. */
    public Optional<byte[]> memo() {
        return memo == null ? Optional.empty() : Optional.of(memo.clone());
    }

    /** Equal in everything but the hint. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JobInfo that
                && id.equals(that.id)
                && status == that.status
                && attempt == that.attempt
                && type.equals(that.type)
                && queue.equals(that.queue)
                && priority == that.priority
                && runAt.equals(that.runAt)
                && failures == that.failures
                && crashes == that.crashes
                && Objects.equals(owner, that.owner)
                && createdAt.equals(that.createdAt)
                && changedAt.equals(that.changedAt)
                && Objects.equals(finishedAt, that.finishedAt)
                && Objects.equals(error, that.error)
                && attributes.equals(that.attributes)
                && Arrays.equals(memo, that.memo);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, status, attempt);
    }

    @Override
    public String toString() {
        return "job " + id + " of type " + type + ", " + status + " at attempt " + attempt;
    }

    /**
     * Builds a job, or rebuilds one from where a store keeps it. Not for use by several threads.
     *
     * <p>Each method throws {@link IllegalArgumentException} if its value is beyond {@link JobLimits}.
     */
    public static final class Builder {
        private final JobId id;
        private final String type;
        private final Instant createdAt;
        private String queue = DEFAULT_QUEUE;
        private int priority = DEFAULT_PRIORITY;
        private @Nullable Instant runAt;
        private JobStatus status = JobStatus.PENDING;
        private int attempt;
        private int failures;
        private int crashes;
        private @Nullable String owner;
        private @Nullable String hint;
        private @Nullable Instant changedAt;
        private @Nullable Instant finishedAt;
        private @Nullable String error;
        private Map<String, String> attributes = Map.of();
        private byte @Nullable [] memo;

        private Builder(JobId id, String type, Instant createdAt) {
            this.id = requireNonNull(id, "id");
            this.type = JobLimits.checkName("type", type);
            this.createdAt = JobLimits.checkTime("created-at", createdAt);
        }

        private Builder(JobInfo job) {
            id = job.id;
            type = job.type;
            queue = job.queue;
            priority = job.priority;
            runAt = job.runAt;
            status = job.status;
            attempt = job.attempt;
            failures = job.failures;
            crashes = job.crashes;
            owner = job.owner;
            hint = job.hint;
            createdAt = job.createdAt;
            changedAt = job.changedAt;
            finishedAt = job.finishedAt;
            error = job.error;
            attributes = job.attributes;
            memo = job.memo;
        }

        /** See {@link JobInfo#queue()}. */
        public Builder queue(String name) {
            queue = JobLimits.checkName("queue", name);
            return this;
        }

        /** See {@link JobInfo#priority()}. */
        public Builder priority(int value) {
            priority = JobLimits.checkPriority(value);
            return this;
        }

        /** See {@link JobInfo#runAt()}. */
        public Builder runAt(Instant time) {
            runAt = JobLimits.checkRunAt(time);
            return this;
        }

        /** See {@link JobInfo#status()}. Leaving PROCESSING drops the owner. */
        public Builder status(JobStatus value) {
            status = requireNonNull(value, "status");
            if (value != JobStatus.PROCESSING) {
                owner = null;
            }
            return this;
        }

        /** See {@link JobInfo#attempt()}. */
        public Builder attempt(int value) {
            attempt = checkCount("attempt", value);
            return this;
        }

        /** See {@link JobInfo#failures()}. */
        public Builder failures(int value) {
            failures = checkCount("failures", value);
            return this;
        }

        /** See {@link JobInfo#crashes()}. */
        public Builder crashes(int value) {
            crashes = checkCount("crashes", value);
            return this;
        }

        /** See {@link JobInfo#owner()}. */
        public Builder owner(@Nullable String node) {
            owner = node;
            return this;
        }

        /** See {@link JobInfo#hint()}. */
        public Builder hint(@Nullable String value) {
            hint = value;
            return this;
        }

        /** See {@link JobInfo#changedAt()}. */
        public Builder changedAt(Instant time) {
            changedAt = JobLimits.checkTime("changed-at", time);
            return this;
        }

        /** See {@link JobInfo#finishedAt()}. */
        public Builder finishedAt(@Nullable Instant time) {
            finishedAt = time == null ? null : JobLimits.checkTime("finished-at", time);
            return this;
        }

        /** See {@link JobInfo#error()}. Cut and cleaned, so that every store can hold it. */
        public Builder error(@Nullable String text) {
            error = text == null ? null : JobLimits.storableError(text);
            return this;
        }

        /** See {@link JobInfo#attributes()}. Copied, in the map's order. */
        public Builder attributes(Map<String, String> all) {
            Map<String, String> copy = new LinkedHashMap<>();
            all.forEach((key, value) ->
                    copy.put(JobLimits.checkAttributeKey(key), JobLimits.checkAttributeValue(key, value)));
            attributes = copy.isEmpty() ? Map.of() : Collections.unmodifiableMap(copy);
            return this;
        }

        /** See {@link JobInfo#memo()}. Copied. */
        public Builder memo(byte @Nullable [] bytes) {
            memo = bytes == null ? null : JobLimits.checkMemo(bytes).clone();
            return this;
        }

        /**
         * The job.
         *
         * @throws IllegalArgumentException if it has an owner although it is not PROCESSING, or none although it is; or
         *     if it has a finish time although it is not final, or none although it is
         */
        public JobInfo build() {
            if ((owner != null) != (status == JobStatus.PROCESSING)) {
                throw new IllegalArgumentException("a job has an owner exactly while it is PROCESSING, but " + id
                        + " is " + status + (owner == null ? " without one" : " and owned by " + owner));
            }
            if ((finishedAt != null) != status.isFinal()) {
                throw new IllegalArgumentException("a job has a finish time exactly when it is final, but " + id
                        + " is " + status + (finishedAt == null ? " without one" : " and finished at " + finishedAt));
            }
            return new JobInfo(this);
        }

        private static int checkCount(String what, int value) {
            if (value < 0) {
                throw new IllegalArgumentException(what + " must be 0 or more, but was " + value);
            }
            return value;
        }
    }
}
