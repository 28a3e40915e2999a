/** Joins the store as a node, and leaves it. */
@NullMarked
package dev.jobqueue.core.membership;

import org.jspecify.annotations.NullMarked;
