/** Hands events to the log and to listeners, and tells when the store stops and begins to answer. */
@NullMarked
package dev.jobqueue.core.report;

import org.jspecify.annotations.NullMarked;
