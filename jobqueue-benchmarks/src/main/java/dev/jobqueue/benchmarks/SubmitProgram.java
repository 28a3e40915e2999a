package dev.jobqueue.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Submits jobs one by one, by 1, 8 and 64 threads, for some time each, and prints how many a second. No worker runs. Does
 * all of it before, in a place beside, so that the code is compiled.
 */
final class SubmitProgram {
    static final List<Integer> THREADS = List.of(1, 8, 64);

    private SubmitProgram() {}

    /** What it prints for so many threads. */
    static String fact(int threads) {
        return "by_" + threads + "_per_s";
    }

    /** Name of an {@link Entrant}, url and name of a place, milliseconds. */
    public static void main(String[] arguments) throws Exception {
        Entrant entrant = Entrant.valueOf(arguments[0]);
        Place place = new Place(arguments[1], arguments[2]);
        int milliseconds = Integer.parseInt(arguments[3]);
        submit(entrant, place.beside(), milliseconds);
        submit(entrant, place, milliseconds).forEach(System.out::println);
    }

    private static List<String> submit(Entrant entrant, Place place, int milliseconds) throws Exception {
        List<String> facts = new ArrayList<>();
        try (Contestant contestant = entrant.open(place, () -> {})) {
            for (int threads : THREADS) {
                facts.add(fact(threads) + "=" + rate(contestant, threads, milliseconds));
            }
        }
        return facts;
    }

    private static long rate(Contestant contestant, int threads, int milliseconds)
            throws InterruptedException, ExecutionException {
        ExecutorService submitters = Executors.newFixedThreadPool(threads);
        List<Future<Integer>> counts = new ArrayList<>();
        long began = System.nanoTime();
        for (int i = 0; i < threads; i++) {
            counts.add(submitters.submit(() -> {
                int submitted = 0;
                while (System.nanoTime() - began < milliseconds * 1_000_000L) {
                    contestant.submit();
                    submitted++;
                }
                return submitted;
            }));
        }
        int submitted = 0;
        for (Future<Integer> count : counts) {
            submitted += count.get();
        }
        long took = System.nanoTime() - began;
        submitters.shutdown();
        return Rate.of(submitted, took);
    }
}
