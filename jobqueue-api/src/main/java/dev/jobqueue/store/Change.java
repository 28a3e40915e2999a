package dev.jobqueue.store;

import static dev.jobqueue.job.JobStatus.CANCELLED;
import static dev.jobqueue.job.JobStatus.COMPLETED;
import static dev.jobqueue.job.JobStatus.FAILED;
import static dev.jobqueue.job.JobStatus.PENDING;
import static dev.jobqueue.job.JobStatus.PROCESSING;

import dev.jobqueue.job.IllegalTransitionException;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobLimits;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Transition;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A change of one job: a transition, an amendment, or its removal. Made from the job as it was seen, and written only
 * while the job {@linkplain #holds still stands there}. Immutable.
 *
 * <p>Each factory asks the rule table: a change along an edge that the table lacks cannot be built.
 */
public final class Change {
    /** What an amendment may change: any job that is not final. */
    private static final Set<JobStatus> UNFINISHED = EnumSet.of(PENDING, PROCESSING);

    /** What a removal may take: only final jobs. */
    private static final Set<JobStatus> FINAL = EnumSet.of(COMPLETED, FAILED, CANCELLED);

    private final String name;
    private final JobInfo seen;
    private final @Nullable JobStatus to;
    private final @Nullable Instant at;
    private @Nullable Instant runAt;
    private @Nullable Integer priority;
    private @Nullable Integer failures;
    private @Nullable Integer crashes;
    private @Nullable String error;
    private Map<String, Optional<String>> attributes = Map.of();
    private byte @Nullable [] memo;

    private Change(String name, JobInfo seen, @Nullable JobStatus to, @Nullable Instant at) {
        this.name = name;
        this.seen = seen;
        this.to = to;
        this.at = at == null ? null : JobLimits.checkTime("time of a change", at);
    }

    private Change(Change from) {
        this(from.name, from.seen, from.to, from.at);
        runAt = from.runAt;
        priority = from.priority;
        failures = from.failures;
        crashes = from.crashes;
        error = from.error;
        attributes = from.attributes;
        memo = from.memo;
    }

    private static Change along(Transition edge, JobInfo seen, Instant now) {
        edge.check(seen);
        return new Change(edge.name(), seen, edge.to(), now);
    }

    /** COMPLETE: the handler returned. Sets crashes to 0. */
    public static Change complete(JobInfo seen, Instant now) {
        return along(Transition.COMPLETE, seen, now).acquitted();
    }

    /** FAIL: the handler failed for good. Counts a failure, sets crashes to 0. */
    public static Change fail(JobInfo seen, Instant now, String error) {
        Change change = along(Transition.FAIL, seen, now);
        change.failures = seen.failures() + 1;
        change.error = JobLimits.storableError(error);
        return change.acquitted();
    }

    /** FAIL and RETRY in one write: the handler failed and will be tried again. Counts a failure, sets crashes to 0. */
    public static Change failAndRetry(JobInfo seen, Instant now, Instant runAt, String error) {
        Transition.FAIL.check(seen);
        Change change = new Change("FAIL and RETRY", seen, Transition.RETRY.to(), now);
        change.failures = seen.failures() + 1;
        change.error = JobLimits.storableError(error);
        change.runAt = JobLimits.checkRunAt(runAt);
        return change.acquitted();
    }

    /** RETRY: a person sends a failed job again, due at once, with failures and crashes back at 0. */
    public static Change retry(JobInfo seen, Instant now) {
        Change change = along(Transition.RETRY, seen, now);
        change.failures = 0;
        change.runAt = JobLimits.checkRunAt(now);
        return change.acquitted();
    }

    /** RECOVER: the owner has ended. Counts a crash, and a conviction if the job was {@linkplain JobInfo#alone() alone}. */
    public static Change recover(JobInfo seen, Instant now) {
        return along(Transition.RECOVER, seen, now).crashed();
    }

    /** FAIL of an orphan that keeps ending its process: counts as {@link #recover} does, no failure, and it runs no more. */
    public static Change quarantine(JobInfo seen, Instant now, String reason) {
        Change change = along(Transition.FAIL, seen, now);
        change.error = JobLimits.storableError(reason);
        return change.crashed();
    }

    /** RELEASE of a job whose handler never started: nothing else changes. */
    public static Change release(JobInfo seen, Instant now) {
        return along(Transition.RELEASE, seen, now);
    }

    /** RELEASE of a job whose handler ran, to run again at {@code runAt}. Counts no failure, sets crashes to 0. */
    public static Change snooze(JobInfo seen, Instant now, Instant runAt) {
        Change change = along(Transition.RELEASE, seen, now);
        change.runAt = JobLimits.checkRunAt(runAt);
        return change.acquitted();
    }

    /** Its handler ended, or a person says that all is well: no crash counts any more. Only a suspect has more to clear. */
    private Change acquitted() {
        crashes = 0;
        return seen.suspect() ? withoutAttribute(JobInfo.ALONE).withoutAttribute(JobInfo.CONVICTIONS) : this;
    }

    private Change crashed() {
        crashes = seen.crashes() + 1;
        return seen.alone() ? withAttribute(JobInfo.CONVICTIONS, Integer.toString(seen.convictions() + 1)) : this;
    }

    /** CANCEL: a person or host code stops the job. */
    public static Change cancel(JobInfo seen, Instant now) {
        return along(Transition.CANCEL, seen, now);
    }

    /** An amendment of a job that is not final: its status and attempt stay; see the {@code with} methods. */
    public static Change amend(JobInfo seen, Instant now) {
        if (!UNFINISHED.contains(seen.status())) {
            throw new IllegalTransitionException(seen, "AMEND", UNFINISHED);
        }
        return new Change("AMEND", seen, null, now);
    }

    /** The removal of a final job: the only way in which a job leaves the store. */
    public static Change remove(JobInfo seen) {
        if (!FINAL.contains(seen.status())) {
            throw new IllegalTransitionException(seen, "REMOVE", FINAL);
        }
        return new Change("REMOVE", seen, null, null);
    }

    /**
     * The same with another run-at.
     *
     * @throws IllegalTransitionException if this is no amendment of a PENDING job
     */
    public Change withRunAt(Instant time) {
        Change change = amendedPending();
        change.runAt = JobLimits.checkRunAt(time);
        return change;
    }

    /**
     * The same with another priority.
     *
     * @throws IllegalTransitionException if this is no amendment of a PENDING job
     */
    public Change withPriority(int value) {
        Change change = amendedPending();
        change.priority = JobLimits.checkPriority(value);
        return change;
    }

    /** The same, and sets this attribute; the others stay as they are. */
    public Change withAttribute(String key, String value) {
        JobLimits.checkAttributeValue(key, value);
        return withAttribute(key, Optional.of(value));
    }

    /** The same, and takes this attribute away; the others stay as they are. */
    public Change withoutAttribute(String key) {
        return withAttribute(key, Optional.empty());
    }

    private Change withAttribute(String key, Optional<String> value) {
        Change change = new Change(writes());
        Map<String, Optional<String>> copy = new LinkedHashMap<>(attributes);
        copy.put(JobLimits.checkAttributeKey(key), value);
        change.attributes = Collections.unmodifiableMap(copy);
        return change;
    }

    /** The same with another memo. */
    public Change withMemo(byte[] bytes) {
        Change change = new Change(writes());
        change.memo = JobLimits.checkMemo(bytes).clone();
        return change;
    }

    private Change amendedPending() {
        if (!isAmendment() || from() != PENDING) {
            throw new IllegalTransitionException(seen, name + " with run-at or priority", EnumSet.of(PENDING));
        }
        return new Change(this);
    }

    private Change writes() {
        if (removes()) {
            throw new IllegalTransitionException(seen, "AMEND", UNFINISHED);
        }
        return this;
    }

    /** The job to change. */
    public JobId id() {
        return seen.id();
    }

    /** The type of the job, which never changes. */
    public String type() {
        return seen.type();
    }

    /** The queue of the job, which never changes. */
    public String queue() {
        return seen.queue();
    }

    /** The status that the job must still be in. */
    public JobStatus from() {
        return seen.status();
    }

    /** The attempt that the job must still be at. */
    public int attempt() {
        return seen.attempt();
    }

    /** What the store itself said of where the job is; see {@link JobInfo#hint()}. No part of the test. */
    public Optional<String> hint() {
        return seen.hint();
    }

    /** The status that the job will have; empty for an amendment or a removal, which change none. */
    public Optional<JobStatus> to() {
        return Optional.ofNullable(to);
    }

    /** Whether the job goes. */
    public boolean removes() {
        return at == null;
    }

    private boolean isAmendment() {
        return to == null && at != null;
    }

    /** When the change is made: the job's next changed-at, and its finish time if it becomes final. Empty: it goes. */
    public Optional<Instant> at() {
        return Optional.ofNullable(at);
    }

    /** The run-at to set. */
    public Optional<Instant> runAt() {
        return Optional.ofNullable(runAt);
    }

    /** The priority to set. */
    public OptionalInt priority() {
        return optional(priority);
    }

    /** The number of failures to set. */
    public OptionalInt failures() {
        return optional(failures);
    }

    /** The number of crashes to set. */
    public OptionalInt crashes() {
        return optional(crashes);
    }

    /** The error to set. */
    public Optional<String> error() {
        return Optional.ofNullable(error);
    }

    /** The attributes to set; an empty value: to take away. All others stay. */
    public Map<String, Optional<String>> attributes() {
        return attributes;
    }

    /** The memo to set. */
    public Optional<byte[]> memo() {
        return memo == null ? Optional.empty() : Optional.of(memo.clone());
    }

    private static OptionalInt optional(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    /** Whether the job, as it stands now, is still where this change was made for: in the same status, at the same attempt. */
    public boolean holds(JobInfo now) {
        return now.id().equals(id()) && now.status() == from() && now.attempt() == attempt();
    }

    /**
     * What this change makes of the job: the whole meaning in one place. Empty: the job goes.
     *
     * @throws IllegalArgumentException if the change does not {@linkplain #holds hold}
     */
    public Optional<JobInfo> applyTo(JobInfo now) {
        if (!holds(now)) {
            throw new IllegalArgumentException(this + " does not hold for " + now);
        }
        if (at == null) {
            return Optional.empty();
        }
        JobInfo.Builder job = now.toBuilder().changedAt(at);
        if (to != null) {
            job.status(to).finishedAt(to.isFinal() ? at : null);
        }
        if (runAt != null) {
            job.runAt(runAt);
        }
        if (priority != null) {
            job.priority(priority);
        }
        if (failures != null) {
            job.failures(failures);
        }
        if (crashes != null) {
            job.crashes(crashes);
        }
        if (error != null) {
            job.error(error);
        }
        if (!attributes.isEmpty()) {
            job.attributes(amended(now.attributes()));
        }
        if (memo != null) {
            job.memo(memo);
        }
        return Optional.of(job.build());
    }

    private Map<String, String> amended(Map<String, String> now) {
        Map<String, String> all = new LinkedHashMap<>(now);
        attributes.forEach((key, value) -> value.ifPresentOrElse(set -> all.put(key, set), () -> all.remove(key)));
        return all;
    }

    @Override
    public String toString() {
        return name + " of job " + id() + " from " + from() + " at attempt " + attempt();
    }
}
