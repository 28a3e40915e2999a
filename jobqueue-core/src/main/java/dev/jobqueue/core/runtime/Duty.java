package dev.jobqueue.core.runtime;

import java.time.Duration;

/** Something that a queue does again and again. Waiting in between is not its business. */
@FunctionalInterface
public interface Duty {
    /** Does what there is to do now, and says what it did and when to be called again. */
    Turn runOnce();

    /**
     * What one run did.
     *
     * @param done how many things
     * @param next how long to wait before the next run, if nobody calls earlier
     */
    record Turn(int done, Duration next) {}
}
