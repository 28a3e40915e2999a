package dev.jobqueue.job;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A job with its payload. The payload is shared and not copied: read it, never write it. */
public final class Job {
    private final JobInfo info;
    private final byte[] payload;

    private Job(JobInfo info, byte[] payload) {
        this.info = Objects.requireNonNull(info, "info");
        this.payload = Objects.requireNonNull(payload, "payload");
    }

    /** A job of these parts. */
    public static Job of(JobInfo info, byte[] payload) {
        return new Job(info, payload);
    }

    /** Everything but the payload. */
    public JobInfo info() {
        return info;
    }

    /** What the handler gets to work on. Shared, not copied. */
    public byte[] payload() {
        return payload;
    }

    /** The job's id; short for {@code info().id()}. */
    public JobId id() {
        return info.id();
    }

    /** The same job as it now stands. */
    public Job withInfo(JobInfo changed) {
        return new Job(changed, payload);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Job that && info.equals(that.info) && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return info.hashCode();
    }

    @Override
    public String toString() {
        return info + " with " + payload.length + " bytes";
    }
}
