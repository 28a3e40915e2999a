package dev.jobqueue.faults;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A line of the ledger.
 *
 * @param micros when, in microseconds since 1970
 * @param who the process that says so
 * @param job the job's id; {@value #NONE} where no job is meant
 * @param attempt of that job; 0 where no attempt is meant
 */
record Entry(long micros, Kind kind, String who, String job, int attempt) {
    static final String NONE = "-";

    /** What happened. */
    enum Kind {
        /** A submit returned: the job must be in the store from now on. */
        ACCEPTED,
        /** A process is about to call {@code build()}. */
        BUILDING,
        /** A process has called {@code start()}. */
        RUNNING,
        /** A handler has begun. */
        BEGAN,
        /** A handler is about to return: from now on its job may be completed. */
        RETURNED,
        /** The queue reported that a result of this attempt was refused. */
        REFUSED,
        /** The queue reported that it does not know what became of a result of this attempt. */
        UNKNOWN,
        /** The queue reported that another node has ended this one. */
        EXPIRED,
        /** Asked how it is, the queue named no problem. */
        HEALTHY,
        /** Asked how it is, the queue named a problem. */
        TROUBLED,
        /** The queue is closed. */
        CLOSED
    }

    static Entry now(Kind kind, String who, String job, int attempt) {
        return new Entry(microsNow(), kind, who, job, attempt);
    }

    /** The time of day, which all processes of a machine share. */
    static long microsNow() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    static Entry parse(String line) {
        String[] words = line.split(" ", -1);
        return new Entry(
                Long.parseLong(words[0]), Kind.valueOf(words[1]), words[2], words[3], Integer.parseInt(words[4]));
    }

    @Override
    public String toString() {
        return micros + " " + kind + " " + who + " " + job + " " + attempt;
    }
}
