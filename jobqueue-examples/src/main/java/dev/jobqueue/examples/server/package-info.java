/** A queue behind HTTP: submit jobs and ask about them. */
@NullMarked
package dev.jobqueue.examples.server;

import org.jspecify.annotations.NullMarked;
