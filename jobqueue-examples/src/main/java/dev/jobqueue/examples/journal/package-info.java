/** A store written by hand: a file that only grows at its end, and is read when it is opened. */
@NullMarked
package dev.jobqueue.examples.journal;

import org.jspecify.annotations.NullMarked;
