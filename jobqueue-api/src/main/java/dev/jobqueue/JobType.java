package dev.jobqueue;

import dev.jobqueue.job.JobLimits;
import java.util.Objects;

/**
 * A type of job whose payload is a value: a stable name and a codec.
 *
 * <pre>{@code
 * static final JobType<Email> EMAIL = JobType.of("email", new EmailCodec());
 *
 * builder.handler(EMAIL, (job, email) -> mailer.send(email));
 * queue.submit(EMAIL.of(new Email("hello@example.org")));
 * }</pre>
 *
 * @param <T> the values
 */
public final class JobType<T> {
    private final String name;
    private final Codec<T> codec;

    private JobType(String name, Codec<T> codec) {
        this.name = JobLimits.checkName("type", name);
        this.codec = Objects.requireNonNull(codec, "codec");
    }

    /**
     * The type of this name.
     *
     * @param name what stands in the store, so it must never change; 1 to 200 characters, no control characters. A type
     *     that was renamed lists its old names as aliases of its handler
     * @throws IllegalArgumentException if the name is not so
     */
    public static <T> JobType<T> of(String name, Codec<T> codec) {
        return new JobType<>(name, codec);
    }

    /** A request to run a job of this type on this value. */
    public JobRequest of(T value) {
        return JobRequest.of(name, codec.encode(Objects.requireNonNull(value, "value")));
    }

    /** What stands in the store. */
    public String name() {
        return name;
    }

    /** What turns values into payloads and back. */
    public Codec<T> codec() {
        return codec;
    }

    @Override
    public String toString() {
        return name;
    }
}
