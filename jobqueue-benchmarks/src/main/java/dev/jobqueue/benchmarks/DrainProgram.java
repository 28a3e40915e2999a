package dev.jobqueue.benchmarks;

/**
 * Stores jobs, then starts the workers, and prints how many a second it did of both: stored, and finished, from the first job's
 * start until the last job's end is stored. Does all of it before at a smaller size, in a place beside, so that the code is compiled.
 */
final class DrainProgram {
    private DrainProgram() {}

    /** Name of an {@link Entrant}, url and name of a place, jobs of the warm-up, jobs. */
    public static void main(String[] arguments) throws Exception {
        Entrant entrant = Entrant.valueOf(arguments[0]);
        Place place = new Place(arguments[1], arguments[2]);
        drain(entrant, place.beside(), Integer.parseInt(arguments[3]));
        System.out.println(drain(entrant, place, Integer.parseInt(arguments[4])));
    }

    private static String drain(Entrant entrant, Place place, int jobs) throws Exception {
        Runs runs = new Runs();
        try (Contestant contestant = entrant.open(place, runs)) {
            long began = System.nanoTime();
            contestant.submitAll(jobs);
            long stored = System.nanoTime();
            place.settle();
            contestant.start();
            runs.await(jobs);
            contestant.awaitFinished();
            long finished = System.nanoTime();
            runs.check(jobs);
            return "stored_per_s=" + Rate.of(jobs, stored - began) + "\ndrained_per_s="
                    + Rate.of(jobs, finished - runs.first());
        }
    }
}
