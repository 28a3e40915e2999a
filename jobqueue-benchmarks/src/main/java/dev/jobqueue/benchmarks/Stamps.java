package dev.jobqueue.benchmarks;

import java.lang.management.ManagementFactory;

/** The times of day that a start-up program notes, in milliseconds since 1970, and prints as its last deed. */
final class Stamps {
    private volatile long ran;
    private long jvmStarted;

    /** The job runs. */
    void ran() {
        ran = System.currentTimeMillis();
    }

    /** The job has run: asks when the JVM was started, which takes long and belongs to nothing that is measured. */
    void afterwards() {
        jvmStarted = ManagementFactory.getRuntimeMXBean().getStartTime();
    }

    /** All is closed. */
    void closed() {
        long closed = System.currentTimeMillis();
        System.out.println("closed=" + closed + "\nran=" + ran + "\njvm_started=" + jvmStarted);
    }
}
