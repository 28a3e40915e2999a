/**
 * The definition of what a store is: who writes one extends {@link dev.jobqueue.store.testkit.JobStoreContract},
 * says how it is opened, and runs it. What the store does not
 * offer shows as skipped.
 */
@NullMarked
package dev.jobqueue.store.testkit;

import org.jspecify.annotations.NullMarked;
