package dev.jobqueue.core.simulation;

/** Unwinds a thread whose process is gone. Whatever it still tries on its way out has no effect, and throws this again. */
@SuppressWarnings("serial")
final class Vanished extends Error {
    static final Vanished NOW = new Vanished();

    private Vanished() {
        super("its process is gone", null, false, false);
    }
}
