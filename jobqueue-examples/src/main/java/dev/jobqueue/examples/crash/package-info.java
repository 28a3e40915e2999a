/** The main job: a process is killed in mid-work, and no job is lost. */
@NullMarked
package dev.jobqueue.examples.crash;

import org.jspecify.annotations.NullMarked;
