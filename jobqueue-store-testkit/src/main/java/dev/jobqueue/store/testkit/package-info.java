/**
 * The definition of what a store is: who writes one extends {@link dev.jobqueue.store.testkit.JobStoreContract} and
 * {@link dev.jobqueue.store.testkit.JobStoreProperties}, says how it is opened, and runs them. What the store does not
 * offer shows as skipped.
 */
@NullMarked
package dev.jobqueue.store.testkit;

import org.jspecify.annotations.NullMarked;
