package dev.jobqueue.core;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.stream.Collectors;

/** The threads of queues, by the name of their node. */
final class Threads {
    private Threads() {}

    /** The names of those that are alive. */
    static Set<String> of(String node) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("jobqueue-" + node + "-"))
                .map(Thread::getName)
                .collect(Collectors.toSet());
    }

    /** All of them end within ten seconds. */
    static void assertEnd(String node) throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("jobqueue-" + node + "-")) {
                thread.join(10_000);
                assertTrue(!thread.isAlive(), () -> thread.getName() + " goes on");
            }
        }
    }
}
