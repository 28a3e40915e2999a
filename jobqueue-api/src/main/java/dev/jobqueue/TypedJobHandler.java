package dev.jobqueue;

/**
 * The host's code for the jobs of one {@link JobType}. Called by many threads at once, for one job each.
 *
 * @param <T> the type's values
 */
@FunctionalInterface
public interface TypedJobHandler<T> {
    /**
     * Does the job on the value that its payload holds; otherwise as {@link JobHandler#handle}.
     *
     * @throws Exception if the job failed
     */
    void handle(JobContext job, T value) throws Exception;
}
