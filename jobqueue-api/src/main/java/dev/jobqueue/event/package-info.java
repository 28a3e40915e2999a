/** What the queue reports: one record an event, with the same facts on every path, the failing one too. */
@NullMarked
package dev.jobqueue.event;

import org.jspecify.annotations.NullMarked;
