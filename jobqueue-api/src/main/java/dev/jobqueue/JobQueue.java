package dev.jobqueue;

import dev.jobqueue.event.JobQueueListener;
import dev.jobqueue.event.RecoveryReport;
import dev.jobqueue.option.HandlerOptions;
import dev.jobqueue.option.LeaseOptions;
import dev.jobqueue.option.RecoveryOptions;
import dev.jobqueue.option.RetryPolicy;
import dev.jobqueue.store.JobStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A job queue over a store. {@link Builder#build()} recovers what an earlier process left behind; {@link #start()} starts
 * the workers. From then on every job that was accepted is run, at least once. Thread-safe. Methods may be
 * added: not for hosts to implement.
 */
public interface JobQueue extends JobClient, AutoCloseable {
    /**
     * A builder of a queue.
     *
     * @throws dev.jobqueue.job.JobQueueException if there is no engine on the path, or more than one
     */
    static Builder builder() {
        return Engines.engine().newBuilder();
    }

    /**
     * Starts the workers. After a {@link #stop()} it joins the store anew and recovers first.
     *
     * @throws QueueStateException if the queue is running, superseded or closed
     * @throws RecoveryException if recovery gave up; the queue is then as before the call
     * @throws dev.jobqueue.store.StoreException if the store does not answer; the queue is then as before the call
     */
    void start();

    /**
     * Stops the workers: claims no more, waits for running handlers up to the grace period, interrupts them, waits 5 s
     * again, gives back what is unfinished, and leaves the store. Afterwards no job is PROCESSING under this queue, unless
     * the store did not answer in that time. Submits still work. Does nothing if the queue is not running.
     */
    void stop();

    /**
     * {@link #stop()} for good; closes a store that {@link Builder#store(Supplier)} opened. May be called twice, and at any
     * time.
     */
    @Override
    void close();

    /** The report of the latest recovery, by {@code build()} or {@link #start()}. */
    RecoveryReport recovery();

    /** How the queue is; asks no store and waits for nothing. */
    Health health();

    /**
     * Waits until no job of a handled type, in the queues served, is PENDING or PROCESSING; jobs that wait for a retry or
     * a later run-at count.
     *
     * @return whether that was so in time
     * @throws InterruptedException if interrupted while waiting
     */
    boolean awaitIdle(Duration timeout) throws InterruptedException;

    /**
     * Configures a queue. A null argument is refused by the call itself; all other faults by {@link #build()}, together.
     * Not for use by several threads.
     */
    interface Builder {
        /** The store to use, which stays the host's: the queue does not close it. This or the other is needed. */
        Builder store(JobStore store);

        /** What opens the store: called by {@link #build()}; closed by {@link JobQueue#close()}, or by a build that fails. */
        Builder store(Supplier<? extends JobStore> opens);

        /** The handler of a type. */
        default Builder handler(String type, JobHandler handler) {
            return handler(type, handler, UnaryOperator.identity());
        }

        /** The handler of a type, with options: {@code options -> options.withTimeout(Duration.ofMinutes(1))}. */
        Builder handler(String type, JobHandler handler, UnaryOperator<HandlerOptions> options);

        /** The handler of a type with values. */
        default <T> Builder handler(JobType<T> type, TypedJobHandler<T> handler) {
            return handler(type, handler, UnaryOperator.identity());
        }

        /** The handler of a type with values, with options. */
        <T> Builder handler(JobType<T> type, TypedJobHandler<T> handler, UnaryOperator<HandlerOptions> options);

        /**
         * The queues to serve, best first: a claim looks at the next only when those before have no due job. Default:
         * {@value dev.jobqueue.job.JobInfo#DEFAULT_QUEUE} alone.
         */
        Builder queues(String... names);

        /**
         * The name of this node in the store: 1 to 200 characters, no control characters. Keep it over restarts. Default:
         * a made-up one.
         */
        Builder nodeName(String name);

        /** How many handlers run at once: 1 to 10,000. Default: 10. */
        Builder workers(int number);

        /** Runs handlers on virtual threads; needs Java 21. Default: platform threads. */
        Builder virtualThreads();

        /** How many jobs the delivery queue holds at most: 1 to 100,000. Default: 100. */
        Builder deliveryCapacity(int jobs);

        /** What recovery may cost: {@code options -> options.withTimeout(Duration.ofMinutes(1))}. */
        Builder recovery(UnaryOperator<RecoveryOptions> options);

        /** When failed jobs run again: {@code retry -> retry.withMaxFailures(3)}. A handler's options may differ. */
        Builder retry(UnaryOperator<RetryPolicy> policy);

        /** How long this node counts as alive on a store of many nodes: {@code lease -> lease.withLength(...)}. */
        Builder lease(UnaryOperator<LeaseOptions> options);

        /** How long {@link JobQueue#stop()} waits for handlers before it interrupts them: zero or more. Default: 30 s. */
        Builder shutdownGrace(Duration grace);

        /**
         * How often an idle queue looks for jobs that others wrote: 1 ms or more. Default: 2 s, and 10 s on a store that
         * wakes the queue.
         */
        Builder pollInterval(Duration interval);

        /** The largest payload in bytes: at least 1, at most what the store can hold. Default: 1 MiB. */
        Builder maxPayload(int bytes);

        /** Where the time of day comes from. Default: the system's clock. */
        Builder clock(InstantSource clock);

        /** Who is told what happens; may be called several times. */
        Builder listener(JobQueueListener listener);

        /**
         * Opens the store, joins it, recovers what an earlier process left behind, and returns the queue, not yet started.
         * If it throws, nothing is left open and no thread runs.
         *
         * @throws ConfigurationException if anything is configured wrongly; names all faults, of each group of options
         *     the first
         * @throws RecoveryException if recovery gave up
         * @throws dev.jobqueue.store.StoreException if the store does not answer, or can't be opened
         */
        JobQueue build();
    }
}
