package dev.jobqueue.core.simulation;

import dev.jobqueue.core.runtime.Monitor;
import dev.jobqueue.core.runtime.Platform;
import java.time.Instant;

/** The world as one process sees it. */
final class SimulatedPlatform implements Platform {
    static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final Scheduler scheduler;
    private final Process process;

    SimulatedPlatform(Scheduler scheduler, Process process) {
        this.scheduler = scheduler;
        this.process = process;
    }

    @Override
    public Instant now() {
        scheduler.check();
        return BEGIN.plusNanos(scheduler.now()).plus(process.clockAhead);
    }

    @Override
    public long nanoTime() {
        scheduler.check();
        return scheduler.now();
    }

    @Override
    public Monitor newMonitor() {
        return new SimulatedMonitor(scheduler);
    }

    @Override
    public Thread newThread(String name, Runnable body) {
        String prefix = "jobqueue-" + process.name + "-";
        String role = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
        return new Thread(name) {
            @Override
            public void start() {
                scheduler.check();
                scheduler.spawn(process, role, body);
                scheduler.point();
            }
        };
    }

    @Override
    public Thread newWorker(String name, Runnable body) {
        return newThread(name, body);
    }

    @Override
    public long randomLong() {
        scheduler.check();
        return scheduler.random().nextLong();
    }
}
