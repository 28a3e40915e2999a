package dev.jobqueue.benchmarks;

import java.io.IOException;
import java.util.List;

/** One measured claim. What it compares, it runs interleaved, each in JVMs of its own. */
interface Line {
    /** What the command calls it. */
    String name();

    /** What it measures, in one sentence. */
    String about();

    /**
     * Measures.
     *
     * @throws IllegalStateException if what it measures did not do its work, or did it wrongly
     */
    List<Row> run(Lab lab) throws IOException, InterruptedException;
}
