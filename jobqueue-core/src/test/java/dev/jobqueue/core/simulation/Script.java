package dev.jobqueue.core.simulation;

import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What a job's handler does at each attempt, as its payload says: {@code tsr:250}, throw, snooze, return, after 250 ms each.
 * The last one is for all attempts that follow.
 */
record Script(String acts, Duration time) {
    static final String PLAIN = "plain";
    static final String TIMED = "timed";
    /** After the first failure; then twice that, and so on. */
    static final Duration RETRY = Duration.ofMillis(400);

    static final Duration SNOOZE = Duration.ofMillis(700);

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** How long a handler of this type may run. */
    static Optional<Duration> timeout(String type) {
        return type.equals(TIMED) ? Optional.of(TIMEOUT) : Optional.empty();
    }

    static Script parse(String text) {
        int colon = text.indexOf(':');
        int end = text.indexOf(':', colon + 1);
        return new Script(text.substring(0, colon), Duration.ofMillis(Long.parseLong(text.substring(colon + 1, end))));
    }

    /** The number makes payloads differ. */
    String text(int number) {
        return acts + ":" + time.toMillis() + ":" + number;
    }

    char act(int attempt) {
        return acts.charAt(Math.min(attempt, acts.length()) - 1);
    }

    static Script any(SplittableRandom random, int longestWork) {
        StringBuilder acts = new StringBuilder();
        while (random.nextInt(3) == 0) {
            acts.append("ttsc".charAt(random.nextInt(4)));
        }
        int last = random.nextInt(20);
        acts.append(last == 0 ? 'n' : last == 1 ? 't' : last == 2 ? 'h' : last == 3 ? 'i' : 'r');
        int longest = random.nextInt(8) == 0 ? 9_000 : longestWork;
        return new Script(acts.toString(), Duration.ofMillis(random.nextInt(longest)));
    }
}
