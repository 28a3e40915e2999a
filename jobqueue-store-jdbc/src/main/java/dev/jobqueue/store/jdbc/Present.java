package dev.jobqueue.store.jdbc;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The sessions of this process, which hear of jobs together: the first begins to listen, the last one ends it. Thread-safe. */
final class Present {
    private final Function<Runnable, Ear> ears;
    private final Set<MemberSession> sessions = new HashSet<>();
    private @Nullable Ear ear;
    private boolean closed;

    /** What listens until it is closed. */
    interface Ear {
        void close();
    }

    /** Nobody is here. An ear is given what to run when it hears something. */
    Present(Function<Runnable, Ear> ears) {
        this.ears = ears;
    }

    /** Nobody is here, and nothing is heard from elsewhere. */
    static Present withoutEars() {
        return new Present(wakeUp -> () -> {});
    }

    synchronized void add(MemberSession session) {
        if (!closed) {
            sessions.add(session);
            if (ear == null) {
                ear = ears.apply(this::wakeUp);
            }
        }
    }

    synchronized void remove(MemberSession session) {
        sessions.remove(session);
        if (sessions.isEmpty()) {
            deafen();
        }
    }

    /** Tells all that jobs may have become claimable. */
    void wakeUp() {
        List<MemberSession> told;
        synchronized (this) {
            told = List.copyOf(sessions);
        }
        told.forEach(MemberSession::wakeUp);
    }

    synchronized void close() {
        closed = true;
        sessions.clear();
        deafen();
    }

    private void deafen() {
        if (ear != null) {
            ear.close();
            ear = null;
        }
    }
}
