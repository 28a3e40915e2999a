/** Faults done to real processes: each is one {@link dev.jobqueue.faults.Scenario}. */
@NullMarked
package dev.jobqueue.faults;

import org.jspecify.annotations.NullMarked;
