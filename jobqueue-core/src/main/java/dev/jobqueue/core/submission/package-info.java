/** The client: concurrent submits share one insert. */
@NullMarked
package dev.jobqueue.core.submission;

import org.jspecify.annotations.NullMarked;
