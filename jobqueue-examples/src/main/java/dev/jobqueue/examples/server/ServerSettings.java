package dev.jobqueue.examples.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the environment says.
 *
 * @param port {@code PORT}, 0 to 65535; 0: any that is free; default 8080
 * @param workers {@code WORKER_COUNT}, 1 to 10000, default 10
 * @param capacity {@code JOB_QUEUE_CAPACITY}, 1 to 100000, default 100
 */
record ServerSettings(int port, int workers, int capacity) {
    /**
     * Reads all three.
     *
     * @throws IllegalArgumentException if any is wrong; the message names each such variable, its value, and what is
     *     allowed
     */
    static ServerSettings from(Map<String, String> environment) {
        List<String> faults = new ArrayList<>();
        ServerSettings settings = new ServerSettings(
                number(environment, "PORT", 0, 65_535, 8080, faults),
                number(environment, "WORKER_COUNT", 1, 10_000, 10, faults),
                number(environment, "JOB_QUEUE_CAPACITY", 1, 100_000, 100, faults));
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
        return settings;
    }

    private static int number(
            Map<String, String> environment, String name, int least, int most, int otherwise, List<String> faults) {
        String value = environment.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below, as for a number out of range
        }
        faults.add("%s must be a whole number, %d to %d, but was \"%s\"".formatted(name, least, most, value));
        return otherwise;
    }
}
