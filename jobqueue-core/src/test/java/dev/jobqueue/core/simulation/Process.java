package dev.jobqueue.core.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One life of a simulated JVM: its threads live and die with it, and its time of day may be wrong. */
final class Process {
    final String name;
    final int life;
    /** Its threads that are not over. */
    final List<Task> tasks = new ArrayList<>();

    Duration clockAhead = Duration.ZERO;
    long pausedUntil = Long.MIN_VALUE;
    /** After so many scheduling points it dies; none if negative. */
    int dyingIn = -1;

    private boolean gone;
    long goneAt = Long.MAX_VALUE;

    Process(String name, int life) {
        this.name = name;
        this.life = life;
    }

    boolean isGone() {
        return gone;
    }

    void goes(long now) {
        gone = true;
        goneAt = now;
    }

    @Override
    public String toString() {
        return name + "#" + life;
    }
}
