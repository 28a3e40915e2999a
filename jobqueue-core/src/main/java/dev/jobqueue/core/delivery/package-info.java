/** The bounded hand-off from the store to the workers, and what this node holds. */
@NullMarked
package dev.jobqueue.core.delivery;

import org.jspecify.annotations.NullMarked;
