/** Groups of options: immutable, each with its defaults, each value checked where it is set. */
@NullMarked
package dev.jobqueue.option;

import org.jspecify.annotations.NullMarked;
