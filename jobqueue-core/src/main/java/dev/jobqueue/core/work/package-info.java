/** Runs handlers, and turns how each ended into a change. */
@NullMarked
package dev.jobqueue.core.work;

import org.jspecify.annotations.NullMarked;
