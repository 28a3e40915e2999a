package dev.jobqueue.benchmarks;

/**
 * Starts the workers, then submits jobs, and prints how many a second were finished, from the first submit to the last end.
 * Does all of it before, with another contestant, so that the code is compiled.
 */
final class MemoryProgram {
    private MemoryProgram() {}

    /** Name of an {@link Entrant}, url and name of a place, jobs of the warm-up, jobs. */
    public static void main(String[] arguments) throws Exception {
        Entrant entrant = Entrant.valueOf(arguments[0]);
        Place place = new Place(arguments[1], arguments[2]);
        run(entrant, place.beside(), Integer.parseInt(arguments[3]));
        System.gc(); // what the warm-up left
        System.out.println("finished_per_s=" + run(entrant, place, Integer.parseInt(arguments[4])));
    }

    private static long run(Entrant entrant, Place place, int jobs) throws Exception {
        Runs runs = new Runs();
        try (Contestant contestant = entrant.open(place, runs)) {
            contestant.start();
            long began = System.nanoTime();
            contestant.submitAll(jobs);
            runs.await(jobs);
            contestant.awaitFinished();
            long took = System.nanoTime() - began;
            runs.check(jobs);
            return Rate.of(jobs, took);
        }
    }
}
