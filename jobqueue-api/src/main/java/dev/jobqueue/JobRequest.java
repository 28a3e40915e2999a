package dev.jobqueue;

import static java.util.Objects.requireNonNull;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job to be submitted. Immutable.
 *
 * <p>Defaults: an id made at submit; the queue {@value JobInfo#DEFAULT_QUEUE}; priority {@value JobInfo#DEFAULT_PRIORITY};
 * due at once; no attributes.
 *
 * <p>Each method throws {@link IllegalArgumentException} if its value is beyond {@link JobLimits}; the message names both.
 */
public final class JobRequest {
    private static final String NO_TYPE = "type must be 1 to " + JobLimits.NAME_LENGTH + " characters, but was null";

    private final String type;
    private final byte[] payload;
    private @Nullable JobId id;
    private String queue = JobInfo.DEFAULT_QUEUE;
    private int priority = JobInfo.DEFAULT_PRIORITY;
    private @Nullable Instant runAt;
    private Duration delay = Duration.ZERO;
    private Map<String, String> attributes = Map.of();

    private JobRequest(String type, byte[] payload) {
        this.type = JobLimits.checkName("type", type);
        this.payload = payload;
    }

    private JobRequest(JobRequest from) {
        type = from.type;
        payload = from.payload;
        id = from.id;
        queue = from.queue;
        priority = from.priority;
        runAt = from.runAt;
        delay = from.delay;
        attributes = from.attributes;
    }

    /**
     * A job of this type with text as its payload.
     *
     * @param type the name under which a handler is, or will be, registered: 1 to 200 characters, no control characters
     */
    public static JobRequest of(String type, String text) {
        requireNonNull(type, NO_TYPE);
        requireNonNull(text, "text");
        return new JobRequest(type, Codec.text().encode(text));
    }

    /** A job of this type with these bytes as its payload, which are copied. */
    public static JobRequest of(String type, byte[] payload) {
        requireNonNull(type, NO_TYPE);
        requireNonNull(payload, "payload");
        return new JobRequest(type, payload.clone());
    }

    /**
     * The same under an id of the caller's own, such as {@code JobId.of("order-4711")}. Submitting it again then stores
     * nothing and says so; another type or payload under the same id is refused.
     */
    public JobRequest withId(JobId own) {
        JobRequest request = new JobRequest(this);
        request.id = requireNonNull(own, "own");
        return request;
    }

    /** The same in another queue: 1 to 200 characters, no control characters. */
    public JobRequest withQueue(String name) {
        JobRequest request = new JobRequest(this);
        request.queue = JobLimits.checkName("queue", name);
        return request;
    }

    /** The same with another priority: 0 (first) to 9 (last). */
    public JobRequest withPriority(int value) {
        JobRequest request = new JobRequest(this);
        request.priority = JobLimits.checkPriority(value);
        return request;
    }

    /** The same, not to run before this time, in the years 1970 to 9999. Takes the place of a delay. */
    public JobRequest withRunAt(Instant time) {
        JobRequest request = new JobRequest(this);
        request.runAt = JobLimits.checkRunAt(time);
        request.delay = Duration.ZERO;
        return request;
    }

    /** The same, not to run before this long after its submit; zero or more. Takes the place of a run-at. */
    public JobRequest withDelay(Duration afterSubmit) {
        if (afterSubmit.isNegative()) {
            throw new IllegalArgumentException("delay must be zero or more, but was " + afterSubmit);
        }
        JobRequest request = new JobRequest(this);
        request.runAt = null;
        request.delay = afterSubmit;
        return request;
    }

    /**
     * The same with another attribute: up to 64, keys of 1 to 200 characters, values of up to 4,000. Keys that begin with
     * {@code jobqueue.} are the queue's own.
     */
    public JobRequest withAttribute(String key, String value) {
        JobLimits.checkAttributeKey(requireNonNull(key, "key"));
        JobLimits.checkAttributeValue(key, requireNonNull(value, "value"));
        if (key.startsWith("jobqueue.")) {
            throw new IllegalArgumentException(
                    "attribute keys that begin with \"jobqueue.\" are the queue's own, but was \"" + key + "\"");
        }
        Map<String, String> all = new LinkedHashMap<>(attributes);
        all.put(key, value);
        if (all.size() > JobLimits.ATTRIBUTES) {
            throw new IllegalArgumentException(
                    "a job has at most " + JobLimits.ATTRIBUTES + " attributes, but \"" + key + "\" was one more");
        }
        JobRequest request = new JobRequest(this);
        request.attributes = Collections.unmodifiableMap(all);
        return request;
    }

    /** The job's type. */
    public String type() {
        return type;
    }

    /** The job's payload. A copy. */
    public byte[] payload() {
        return payload.clone();
    }

    /** The payload's length in bytes. */
    public int payloadLength() {
        return payload.length;
    }

    /** The caller's own id. */
    public Optional<JobId> id() {
        return Optional.ofNullable(id);
    }

    /** The job's queue. */
    public String queue() {
        return queue;
    }

    /** The job's priority. */
    public int priority() {
        return priority;
    }

    /**
     * When the job is due, if submitted at {@code now}.
     *
     * @throws IllegalArgumentException if the delay leads beyond the year 9999
     */
    public Instant runAt(Instant now) {
        if (runAt != null) {
            return runAt;
        }
        if (delay.isZero()) {
            return JobLimits.checkRunAt(now);
        }
        if (delay.toSeconds() > JobLimits.NEVER.getEpochSecond() - now.getEpochSecond()) {
            throw new IllegalArgumentException("delay must lead to at most " + JobLimits.NEVER + ", but was " + delay);
        }
        return JobLimits.checkRunAt(now.plus(delay));
    }

    /**
     * The job that this request makes, for a {@link dev.jobqueue.store.JobWriter}.
     *
     * @param jobId its id: {@link #id()}, or one made by the caller
     * @param now when it is submitted
     * @throws IllegalArgumentException if the delay leads beyond the year 9999
     */
    public Job toJob(JobId jobId, Instant now) {
        JobInfo info = JobInfo.builder(jobId, type, now)
                .queue(queue)
                .priority(priority)
                .runAt(runAt(now))
                .attributes(attributes)
                .build();
        return Job.of(info, payload);
    }

    /** The job's attributes. */
    public Map<String, String> attributes() {
        return attributes;
    }

    @Override
    public String toString() {
        return "job of type " + type + " with " + payload.length + " bytes";
    }
}
