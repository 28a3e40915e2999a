package dev.jobqueue.core.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A virtual world for one thread: time stands still but for {@link #advance} and for waiting, which takes its time at once.
 * The engine's threads are made and never run. Randomness comes from a seed.
 */
public final class FakePlatform implements Platform {
    public static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final SplittableRandom random;
    private final List<Duration> waits = new ArrayList<>();
    private final List<String> startedThreads = new ArrayList<>();
    private final Deque<Runnable> meanwhile = new ArrayDeque<>();
    private Duration passed = Duration.ZERO;

    public FakePlatform() {
        this(0);
    }

    public FakePlatform(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Time passes. */
    public void advance(Duration time) {
        passed = passed.plus(time);
    }

    /** How much time has passed since the beginning. */
    public Duration passed() {
        return passed;
    }

    /** How long each wait took, in order. */
    public List<Duration> waits() {
        return List.copyOf(waits);
    }

    /** What happens during the next wait, or during the one after it if there is something for that already. */
    public void meanwhile(Runnable event) {
        meanwhile.add(event);
    }

    /** The names of threads that the engine wanted to run. */
    public List<String> startedThreads() {
        return List.copyOf(startedThreads);
    }

    @Override
    public Instant now() {
        return BEGIN.plus(passed);
    }

    @Override
    public long nanoTime() {
        return passed.toNanos();
    }

    @Override
    public Monitor newMonitor() {
        return new FakeMonitor();
    }

    @Override
    public Thread newThread(String name, Runnable body) {
        return new Thread(body, name) {
            @Override
            public void start() {
                startedThreads.add(name);
            }
        };
    }

    @Override
    public Thread newWorker(String name, Runnable body) {
        return newThread(name, body);
    }

    @Override
    public long randomLong() {
        return random.nextLong();
    }

    private final class FakeMonitor implements Monitor {
        private boolean entered;

        @Override
        public void lock() {
            if (entered) {
                throw new IllegalMonitorStateException("somebody is in, and the one thread would wait for ever");
            }
            entered = true;
        }

        @Override
        public void unlock() {
            checkEntered();
            entered = false;
        }

        @Override
        public void signal() {
            checkEntered();
        }

        @Override
        public void signalAll() {
            checkEntered();
        }

        @Override
        public void await(Duration longest) throws InterruptedException {
            checkEntered();
            throwIfInterrupted();
            waits.add(longest);
            advance(longest);
            entered = false;
            if (!meanwhile.isEmpty()) {
                meanwhile.remove().run();
            }
            entered = true;
            throwIfInterrupted();
        }

        private static void throwIfInterrupted() throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }

        private void checkEntered() {
            if (!entered) {
                throw new IllegalMonitorStateException("to be called by who is in");
            }
        }
    }
}
