package dev.jobqueue.examples.crash;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What the child tells its parent, one line each on its standard output.
 *
 * @param kind what it is about
 * @param numbers the facts, in the order that the kind says
 */
record Message(Kind kind, List<Long> numbers) {
    enum Kind {
        /** Recovery is done: orphans recovered, pending, deferred, and how many milliseconds it took. */
        RECOVERED(4),
        /** So many jobs were accepted. */
        ACCEPTED(1),
        /** So many jobs are done. */
        DONE(1),
        /** Handlers are at work, and none of them will end. */
        IN_MID_WORK(0),
        /** All is done. */
        IDLE(0);

        private final int facts;

        Kind(int facts) {
            this.facts = facts;
        }
    }

    Message {
        numbers = List.copyOf(numbers);
        if (numbers.size() != kind.facts) {
            throw new IllegalArgumentException(kind + " has " + kind.facts + " facts, but had " + numbers);
        }
    }

    static Message of(Kind kind, Long... numbers) {
        return new Message(kind, List.of(numbers));
    }

    /**
     * The message whose text this is.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Message parse(String line) {
        String[] words = line.split(" ", -1);
        return new Message(
                Kind.valueOf(words[0].toUpperCase(Locale.ROOT)),
                Arrays.stream(words).skip(1).map(Long::valueOf).toList());
    }

    long number(int index) {
        return numbers.get(index);
    }

    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(kind.name().toLowerCase(Locale.ROOT));
        numbers.forEach(number -> line.append(' ').append(number));
        return line.toString();
    }
}
