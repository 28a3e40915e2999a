package dev.jobqueue.faults;

import java.io.IOException;

/** What a process is sent by {@code kill}, which Java can send only two of. */
enum Signal {
    STOP,
    CONT,
    /** Tells a PostgreSQL server to end at once, as after a crash. */
    QUIT,
    /** Tells a PostgreSQL server to end in order, but to wait for no client. */
    INT;

    void to(long pid) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name(), Long.toString(pid))
                .inheritIO()
                .start();
        if (kill.waitFor() != 0) {
            throw new IOException("signal " + name() + " did not reach process " + pid);
        }
    }
}
