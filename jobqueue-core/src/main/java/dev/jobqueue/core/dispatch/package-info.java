/** Claims due jobs for free workers. */
@NullMarked
package dev.jobqueue.core.dispatch;

import org.jspecify.annotations.NullMarked;
