/** Collects what became of jobs, and writes it to the store in batches. */
@NullMarked
package dev.jobqueue.core.completion;

import org.jspecify.annotations.NullMarked;
