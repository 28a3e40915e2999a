/**
 * The front door: build a {@link dev.jobqueue.JobQueue} over a store, give it handlers, submit jobs.
 *
 * <pre>{@code
 * try (JobQueue queue = JobQueue.builder()
 *         .store(() -> SqliteJobStore.open(Path.of("jobs.db")))
 *         .handler("email", job -> mailer.send(job.text()))
 *         .build()) {                                   // recovers what the last process left behind
 *     queue.start();
 *     queue.submit(JobRequest.of("email", "hello@example.org"));   // durable when it returns
 *     queue.awaitIdle(Duration.ofMinutes(1));
 * }
 * }</pre>
 */
@NullMarked
package dev.jobqueue;

import org.jspecify.annotations.NullMarked;
