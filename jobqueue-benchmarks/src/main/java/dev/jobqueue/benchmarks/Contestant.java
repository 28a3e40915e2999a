package dev.jobqueue.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** A job queue that is measured, or what stands for the limit: open, empty, and with its handler. Its payloads are 100 bytes. */
interface Contestant extends AutoCloseable {
    /** How many handlers run at once, where a contestant lets one say so. */
    int WORKERS = 16;

    /** How many jobs are stored at once, where a contestant lets one say so. */
    int STORED_AT_ONCE = 1_000;

    /** What a job carries, where that is text. */
    String TEXT = "x".repeat(100);

    /** What a job carries. */
    static byte[] payload() {
        return TEXT.getBytes(US_ASCII);
    }

    /** Stores one job, and returns when it is stored. By many threads at once. */
    void submit() throws Exception;

    /** Stores so many, as fast as the contestant offers to. */
    void submitAll(int jobs) throws Exception;

    /** Starts the workers. */
    void start() throws Exception;

    /** Waits until all jobs that were submitted are finished, and their end is stored. All handlers have run. */
    void awaitFinished() throws Exception;

    @Override
    void close();
}
