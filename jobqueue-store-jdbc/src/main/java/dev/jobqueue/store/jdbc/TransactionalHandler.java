package dev.jobqueue.store.jdbc;

import dev.jobqueue.JobContext;
import java.sql.Connection;

/**
 * The host's code for jobs whose end is one commit with what it writes; see {@link DatabaseJobStore#transactional}. Called
 * by many threads at once, for one job each.
 */
@FunctionalInterface
public interface TransactionalHandler {
    /**
     * Does the job.
     *
     * @param connection in a READ COMMITTED transaction, which is committed when this has returned, and rolled back if it
     *     throws; not to be committed, rolled back or closed here, nor used afterwards
     * @throws Exception if the job failed; the retry policy says what follows
     */
    void handle(JobContext job, Connection connection) throws Exception;
}
