package dev.jobqueue.core.simulation;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** What store calls meet: drawn for each, as often as this seed likes it; and outages, while they last. */
final class Weather {
    /** The longest that a store call may take, or be done after it has failed. */
    static final Duration CALL_BOUND = Duration.ofSeconds(6);

    enum Fate {
        /** Made and answered. */
        FINE,
        /** Made and answered, each after a while. */
        SLOW,
        /** Not made, and said so. */
        REFUSED,
        /** Not made, and nobody can tell. */
        LOST,
        /** Made, and its answer lost. */
        ANSWER_LOST,
        /** Failed for all that its caller can tell, and made after that. */
        LATE,
        /** Made, and later once more, which nobody hears of. */
        TWICE,
        /** Its process dies of it before it is made. */
        DIES_BEFORE,
        /** Its process dies of it when it is made. */
        DIES_AFTER
    }

    private static final Fate[] TROUBLE = {Fate.SLOW, Fate.REFUSED, Fate.LOST, Fate.ANSWER_LOST, Fate.LATE, Fate.TWICE};

    /** One call in so many meets trouble; none: 0. */
    int troubleOneIn;
    /** One call in so many kills its process; none: 0. */
    int deathOneIn;
    /** The longest delay of a slow call. */
    Duration slowest = Duration.ofSeconds(1);

    private final Map<String, Long> outages = new HashMap<>();
    private long outage;
    private boolean oneClaimLate;
    private boolean wakesNobody;

    /** Nobody reaches the store until then. */
    void outage(long until) {
        outage = Math.max(outage, until);
    }

    /** This process does not reach it until then. */
    void outage(Process process, long until) {
        outages.merge(process.name, until, Math::max);
    }

    boolean isAway(Process process, long now) {
        return outage > now || outages.getOrDefault(process.name, 0L) > now;
    }

    Fate fate(SplittableRandom random) {
        if (deathOneIn > 0 && random.nextInt(deathOneIn) == 0) {
            return random.nextBoolean() ? Fate.DIES_BEFORE : Fate.DIES_AFTER;
        }
        if (troubleOneIn > 0 && random.nextInt(troubleOneIn) == 0) {
            return TROUBLE[random.nextInt(TROUBLE.length)];
        }
        return Fate.FINE;
    }

    /** The next claim is LATE, whoever makes it. */
    void oneClaimLate() {
        oneClaimLate = true;
    }

    /** From now on wake-ups are lost. */
    void wakesNobody() {
        wakesNobody = true;
    }

    boolean wakes() {
        return !wakesNobody;
    }

    /** Of a claim. */
    Fate fateOfClaim(SplittableRandom random) {
        boolean late = oneClaimLate;
        oneClaimLate = false;
        return late ? Fate.LATE : fate(random);
    }

    /** No more of it. */
    void clears() {
        troubleOneIn = 0;
        deathOneIn = 0;
        outage = 0;
        outages.clear();
    }
}
