package dev.jobqueue;

/** The host's code for the jobs of one type. Called by many threads at once, for one job each. */
@FunctionalInterface
public interface JobHandler {
    /**
     * Does the job. A job is run at least once: after a crash or a timeout it runs again, so be safe to be run twice.
     *
     * @throws Exception if the job failed; the retry policy says what follows. See {@link NonRetryableException}
     */
    void handle(JobContext job) throws Exception;
}
