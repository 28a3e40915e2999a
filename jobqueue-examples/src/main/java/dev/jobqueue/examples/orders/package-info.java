/** A host that keeps its data in the same database as its jobs. */
@NullMarked
package dev.jobqueue.examples.orders;

import org.jspecify.annotations.NullMarked;
