/** The ground floor: time, threads and randomness, which come in from outside, so that a whole queue can be simulated. */
@NullMarked
package dev.jobqueue.core.runtime;

import org.jspecify.annotations.NullMarked;
