package dev.jobqueue;

import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.JobWriter;
import java.time.Duration;
import java.util.Map;

/** One attempt of a job, as its handler sees it. Methods may be added: made by the queue, not for hosts to implement. */
public interface JobContext {
    /** The job as it was claimed for this attempt. */
    JobInfo info();

    /** The job's id; the same in every attempt. */
    JobId id();

    /** The type under which the job was submitted; with aliases, perhaps not the name of its handler. */
    String type();

    /**
     * Which attempt this is, from 1. It never goes down, and no two attempts of a job share a number: a fencing token.
     * Write it along with what the handler writes, and refuse what comes with a lower one.
     */
    int attempt();

    /** The payload. A copy. */
    byte[] payload();

    /**
     * The payload as UTF-8 text.
     *
     * @throws NonRetryableException if it is no UTF-8
     */
    String text();

    /** The job's attributes. */
    Map<String, String> attributes();

    /**
     * Whether the handler should stop, for its result will be refused: the job was cancelled, timed out or taken over, or
     * the queue stops. Its thread is interrupted then as well.
     */
    boolean cancelled();

    /**
     * Asks for the job to run again this long after the handler returns, zero or more. Counts as no failure; what the
     * handler throws all the same wins. A delay beyond the year 9999 is cut to that.
     *
     * @throws IllegalArgumentException if the delay is negative
     */
    void snooze(Duration delay);

    /**
     * Completes the job as the last step of a transaction that the handler has open: what the handler wrote there and the
     * job's COMPLETED become one commit. Commit afterwards, and return. If the transaction is rolled back, or its commit's
     * answer is lost, throw: whether the job has completed is settled by what the store has. A handler that returns all the
     * same, and whose job is not COMPLETED then, has failed.
     *
     * <pre>{@code
     * connection.setAutoCommit(false);
     * ...
     * job.complete(store.within(connection));
     * connection.commit();
     * }</pre>
     *
     * @param writer of the store's, within that transaction
     * @throws AttemptEndedException if the attempt has ended; let it pass, and roll back
     * @throws IllegalStateException if the handler has asked for the job to run again
     * @throws dev.jobqueue.store.StoreException if the store can't say; roll back
     */
    void complete(JobWriter writer);

    /** Submits further jobs. */
    JobClient client();
}
