/** The engine behind {@link dev.jobqueue.JobQueue}: puts its parts together; build, start, stop, close. */
@NullMarked
package dev.jobqueue.core;

import org.jspecify.annotations.NullMarked;
