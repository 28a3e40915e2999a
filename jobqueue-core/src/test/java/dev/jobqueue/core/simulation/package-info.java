/** Whole queues on virtual time, driven by one seeded scheduler, broken on purpose, and audited. */
@NullMarked
package dev.jobqueue.core.simulation;

import org.jspecify.annotations.NullMarked;
