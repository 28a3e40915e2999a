/** The measured claims: each line of the table is one {@link dev.jobqueue.benchmarks.Line}. */
@NullMarked
package dev.jobqueue.benchmarks;

import org.jspecify.annotations.NullMarked;
