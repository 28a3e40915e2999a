/** The ground floor: a job, its statuses, and the rule table that says how one becomes another. */
@NullMarked
package dev.jobqueue.job;

import org.jspecify.annotations.NullMarked;
