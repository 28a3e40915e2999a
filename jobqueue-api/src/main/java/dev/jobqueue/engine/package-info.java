/** What the front door looks for with {@link java.util.ServiceLoader}; open to jobqueue-core alone. */
@NullMarked
package dev.jobqueue.engine;

import org.jspecify.annotations.NullMarked;
