package dev.jobqueue.core.work;

import dev.jobqueue.JobHandler;
import dev.jobqueue.JobType;
import dev.jobqueue.NonRetryableException;
import dev.jobqueue.TypedJobHandler;
import dev.jobqueue.option.HandlerOptions;
import dev.jobqueue.option.RetryPolicy;
import java.time.Duration;
import java.util.Optional;

/**
 * What handles the jobs of a type, and how.
 *
 * @param type the type's name
 * @param code the host's code
 * @param options as the host set them
 * @param retry when a failed job runs again
 */
public record Handler(String type, JobHandler code, HandlerOptions options, RetryPolicy retry) {

    /** The handler of a type with values: a payload that can't be read fails the job for good. */
    public static <T> JobHandler typed(JobType<T> type, TypedJobHandler<T> code) {
        return job -> code.handle(job, decoded(type, job.payload()));
    }

    private static <T> T decoded(JobType<T> type, byte[] payload) {
        try {
            return type.codec().decode(payload);
        } catch (RuntimeException e) {
            throw new NonRetryableException(
                    "the codec of type " + type.name() + " can't read the payload of " + payload.length + " bytes: "
                            + e.getMessage(),
                    e);
        }
    }

    /** After how long an attempt has failed. */
    public Optional<Duration> timeout() {
        return options.timeout();
    }
}
