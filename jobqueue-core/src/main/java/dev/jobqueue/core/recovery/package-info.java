/** Puts orphans back to PENDING, and references to due jobs into the delivery queue. */
@NullMarked
package dev.jobqueue.core.recovery;

import org.jspecify.annotations.NullMarked;
