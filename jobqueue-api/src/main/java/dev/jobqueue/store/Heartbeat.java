package dev.jobqueue.store;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A heartbeat's answer. Immutable. */
public final class Heartbeat {
    private final @Nullable End ended;
    private final Instant storeTime;
    private final List<Lapse> runOut;

    private Heartbeat(@Nullable End ended, Instant storeTime, List<Lapse> runOut) {
        this.ended = ended;
        this.storeTime = Objects.requireNonNull(storeTime, "storeTime");
        this.runOut = List.copyOf(runOut);
    }

    /** The answer. */
    public static Heartbeat of(Optional<End> ended, Instant storeTime, List<Lapse> runOut) {
        return new Heartbeat(ended.orElse(null), storeTime, runOut);
    }

    /** How the calling incarnation ended; empty: it is live. */
    public Optional<End> ended() {
        return Optional.ofNullable(ended);
    }

    /** The store's time. */
    public Instant storeTime() {
        return storeTime;
    }

    /** The leases of others that have run out by the store's clock, and have not ended; none on an exclusive store. */
    public List<Lapse> runOut() {
        return runOut;
    }
}
