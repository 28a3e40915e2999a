/** Small programs, one idea a file. jobqueue-examples/README.md has the command of each. */
@NullMarked
package dev.jobqueue.examples;

import org.jspecify.annotations.NullMarked;
