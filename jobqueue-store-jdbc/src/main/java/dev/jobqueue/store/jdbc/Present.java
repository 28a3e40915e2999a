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

    void remove(MemberSession session) {
        Ear last;
        synchronized (this) {
            sessions.remove(session);
            last = sessions.isEmpty() ? takeEar() : null;
        }
        close(last);
    }

    /** Tells all that jobs may have become claimable. */
    void wakeUp() {
        List<MemberSession> told;
        synchronized (this) {
            told = List.copyOf(sessions);
        }
        told.forEach(MemberSession::wakeUp);
    }

    void close() {
        Ear last;
        synchronized (this) {
            closed = true;
            sessions.clear();
            last = takeEar();
        }
        close(last);
    }

    private @Nullable Ear takeEar() {
        Ear taken = ear;
        ear = null;
        return taken;
    }

    /** Without the lock, for an ear that hears something at this moment takes it. */
    private static void close(@Nullable Ear ear) {
        if (ear != null) {
            ear.close();
        }
    }
}
