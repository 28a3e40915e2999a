package dev.jobqueue.core.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What happened in a run: always as a number that tells runs apart, and as one line a step if asked for. */
final class Trace {
    private final boolean readable;
    private final List<String> lines = new ArrayList<>();
    private long digest;

    private Trace(boolean readable) {
        this.readable = readable;
    }

    static Trace asNumber() {
        return new Trace(false);
    }

    static Trace readable() {
        return new Trace(true);
    }

    /** This thread goes on. */
    void step(long now, Task task) {
        digest = (digest ^ now ^ task.number) * 0x9E3779B97F4A7C15L;
        digest ^= digest >>> 29;
    }

    void line(Scheduler scheduler, Supplier<String> what) {
        if (readable) {
            line(scheduler, what.get());
        }
    }

    void line(Scheduler scheduler, String what) {
        if (readable) {
            Task task = scheduler.currentOrNull();
            long micros = scheduler.now() / 1_000;
            lines.add(String.format(
                    "%3d.%06d %-8s %-12s %s",
                    micros / 1_000_000,
                    micros % 1_000_000,
                    task == null ? "" : task.process,
                    task == null ? "" : task,
                    what));
        }
    }

    long digest() {
        return digest;
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
