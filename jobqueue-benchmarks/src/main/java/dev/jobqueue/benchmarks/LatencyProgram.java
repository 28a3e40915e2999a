package dev.jobqueue.benchmarks;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Submits a job to an idle queue, waits until it runs, and again, and prints how long it took from before the submit to the
 * start of the handler, in microseconds.
 */
final class LatencyProgram {
    /** So that a result is stored, and the queue idle, before the next submit. */
    private static final Duration BETWEEN_JOBS = Duration.ofMillis(20);

    private static final int LONGEST_SECONDS = 60;

    private volatile long started;
    private final Semaphore ran = new Semaphore(0);

    private LatencyProgram() {}

    /** Name of an {@link Entrant}, url and name of a place, jobs of the warm-up, jobs. */
    public static void main(String[] arguments) throws Exception {
        Entrant entrant = Entrant.valueOf(arguments[0]);
        Place place = new Place(arguments[1], arguments[2]);
        LatencyProgram program = new LatencyProgram();
        try (Contestant contestant = entrant.open(place, program::runs)) {
            contestant.start();
            program.latencies(contestant, Integer.parseInt(arguments[3]));
            Samples measured = program.latencies(contestant, Integer.parseInt(arguments[4]));
            System.out.println("p50_us=" + (long) measured.median());
            System.out.println("p99_us=" + (long) measured.percentile(99));
        }
    }

    private void runs() {
        started = System.nanoTime();
        ran.release();
    }

    private Samples latencies(Contestant contestant, int jobs) throws Exception {
        Samples samples = new Samples();
        for (int i = 0; i < jobs; i++) {
            Pause.of(BETWEEN_JOBS);
            long began = System.nanoTime();
            contestant.submit();
            if (!ran.tryAcquire(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a job did not run within " + LONGEST_SECONDS + " s");
            }
            samples.add((started - began) / 1_000.0);
        }
        return samples;
    }
}
