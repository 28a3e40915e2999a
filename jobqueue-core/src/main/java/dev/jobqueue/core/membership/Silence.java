package dev.jobqueue.core.membership;

import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.store.Lapse;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How long this node has watched the leases of others stand still after they had run out, on its own monotonic clock. One
 * that stood still for its whole length is over, and may be ended; so a step of the store's clock ends nobody.
 */
final class Silence {
    private final Platform platform;
    private final Map<Lapse, Long> since = new HashMap<>();

    Silence(Platform platform) {
        this.platform = platform;
    }

    /** These are run out now. Returns how many of those that were watched are no more so. */
    int heard(Collection<Lapse> runOut) {
        int before = since.size();
        since.keySet().retainAll(Set.copyOf(runOut));
        int gone = before - since.size();
        long now = platform.nanoTime();
        runOut.forEach(lapse -> since.putIfAbsent(lapse, now));
        return gone;
    }

    /** Watches anew. */
    void forget() {
        since.clear();
    }

    /** Those that are over. */
    Set<Lapse> over() {
        return since.entrySet().stream()
                .filter(watched -> left(watched).isZero())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /**
     * How long it takes until the next is over, if that is sooner than this. Those that were asked for, and could not be
     * ended yet as their rows were locked, have time until then.
     */
    Duration untilNext(Duration longest, Set<Lapse> asked) {
        return since.entrySet().stream()
                .filter(watched -> !asked.contains(watched.getKey()))
                .map(this::left)
                .filter(left -> left.compareTo(longest) < 0)
                .min(Duration::compareTo)
                .orElse(longest);
    }

    private Duration left(Map.Entry<Lapse, Long> watched) {
        Duration time = Duration.ofNanos(platform.nanoTime() - watched.getValue());
        Duration left = watched.getKey().lease().minus(time);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
