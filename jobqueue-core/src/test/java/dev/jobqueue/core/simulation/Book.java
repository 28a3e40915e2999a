package dev.jobqueue.core.simulation;

import dev.jobqueue.JobContext;
import dev.jobqueue.job.JobInfo;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the auditor knows of one job: as it last stood in the store, and what became of each claim. */
final class Book {
    /** How a handler ended. */
    enum How {
        RETURNED,
        SNOOZED,
        THREW,
        /** Threw what is not to be tried again. */
        REFUSED
    }

    /** One claim. Times are of the scheduler; -1: not yet. */
    static final class Claim {
        final Process process;
        final Incarnation by;
        final long at;
        /** Its answer was heard. */
        long arrived = -1;
        /** The store's answer to its result was heard. */
        long answered = -1;

        long began = -1;
        long ended = -1;
        How how = How.THREW;
        Duration snooze = Duration.ZERO;
        /** As its handler sees it. */
        @Nullable
        JobContext context;

        Claim(Process process, Incarnation by, long at) {
            this.process = process;
            this.by = by;
            this.at = at;
        }

        boolean isHeld() {
            return arrived >= 0 && answered < 0;
        }

        boolean hasEnded(How as) {
            return ended >= 0 && how == as;
        }
    }

    final byte[] payload;
    final Map<Integer, Claim> claims = new HashMap<>();
    JobInfo known;
    /** When it last changed. */
    long changed;

    boolean submitted;
    int cancelsAsked;
    boolean retryAsked;

    Book(JobInfo known, byte[] payload) {
        this.known = known;
        this.payload = payload;
    }

    Claim claim() {
        return claims.get(known.attempt());
    }

    boolean isFinal() {
        return known.status().isFinal();
    }

    @Override
    public String toString() {
        return Texts.job(known);
    }
}
