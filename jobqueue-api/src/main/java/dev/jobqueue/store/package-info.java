/**
 * The store boundary. A store owns all jobs; the queue only delivers them. Who writes a store implements
 * {@link dev.jobqueue.store.JobStore} and {@link dev.jobqueue.store.StoreSession}, and runs the contract tests of
 * jobqueue-store-testkit.
 *
 * <p>Every call blocks, is thread-safe, and ends within a bound. Three kinds of failure tell the caller what to do:
 *
 * <ul>
 *   <li>{@link java.lang.IllegalArgumentException}: the data is at fault; nothing was done; never try again.
 *   <li>{@link dev.jobqueue.store.StoreException}: nothing was done; try again.
 *   <li>{@link dev.jobqueue.store.OutcomeUnknownException}: perhaps it was done; try again with the same data.
 * </ul>
 *
 * <p>A call on an interrupted thread, or one interrupted in it, works or throws {@code StoreException}. It keeps the
 * thread's flag, and the store works afterwards.
 *
 * <p>The methods are frozen within a major version, and none has a default body; only values grow. What a store must
 * heed to be correct comes with a {@link dev.jobqueue.store.Feature}, and is asked only of stores that declare it.
 */
@NullMarked
package dev.jobqueue.store;

import org.jspecify.annotations.NullMarked;
