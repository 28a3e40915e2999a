/** A job store in memory: {@link dev.jobqueue.store.memory.MemoryJobStore}. */
@NullMarked
package dev.jobqueue.store.memory;

import org.jspecify.annotations.NullMarked;
