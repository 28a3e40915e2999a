package dev.jobqueue.store.testkit;

import dev.jobqueue.store.JobStore;
import java.util.TreeMap;

/** The properties, run on the broken store that was set last. No test of its own. */
class PropertiesOfABrokenStore extends JobStoreProperties {
    /** Set before each run: jqwik hands nothing into a constructor. */
    static volatile BrokenStore broken = BrokenInserts.LOSES_A_WRITE;

    @Override
    protected JobStore openEmpty(MovableClock clock) {
        return broken.opener().open(clock, new TreeMap<>());
    }
}
