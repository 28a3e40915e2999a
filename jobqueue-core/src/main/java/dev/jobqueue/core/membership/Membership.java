package dev.jobqueue.core.membership;

import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.runtime.Monitor;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.core.runtime.Tries;
import dev.jobqueue.event.NodeJoined;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.NameHeldException;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreSession;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Joins the store under the queue's name, each time as a new incarnation. */
public final class Membership {
    private final Platform platform;
    private final Reporter reporter;
    private final JobStore store;
    private final String name;
    private final Duration lease;
    private final Runnable wakeUp;

    /** Held all through a join, so that these come one after another. */
    private final Monitor joining;

    /** As which it joined last. */
    private @Nullable Node last;

    /** Incarnations of this queue of which it does not know that they ended: an answer to a join or a leave may be lost. */
    private final Set<Node> mayBeIn = new HashSet<>();

    /**
     * Of this store.
     *
     * @param lease how long a node counts as alive without a heartbeat
     * @param wakeUp what the store runs when jobs may have become claimable
     */
    public Membership(
            Platform platform, Reporter reporter, JobStore store, String name, Duration lease, Runnable wakeUp) {
        this.platform = platform;
        this.reporter = reporter;
        this.store = store;
        this.name = name;
        this.lease = lease;
        this.wakeUp = wakeUp;
        this.joining = platform.newMonitor();
    }

    /** A node as it joined, and its session. */
    public record Joined(Node node, StoreSession session) {}

    /** Joins in the place of whoever holds the name: so a restart recovers at once, without any timeout. */
    public Joined takeOver() {
        JoinRequest request = request();
        while (true) {
            try {
                return join(request, Tries.of(platform)::call);
            } catch (NameHeldException held) {
                if (request.replaces().equals(Optional.of(held.holder()))) {
                    throw new StoreException(
                            "the store says that the name is held by " + held.holder()
                                    + ", which it was just told to replace",
                            held);
                }
                request = request.replacing(held.holder()); // more than once only if builds race for one name
            }
        }
    }

    /**
     * Joins again after this queue left, or tried to: an incarnation of its own that is still in, it replaces.
     *
     * @throws NameHeldException if a newer queue has its place
     */
    public Joined rejoin() {
        return alone(() -> rejoin(Tries.of(platform)::call));
    }

    /**
     * As {@link #rejoin}, but makes each call once, for who comes back.
     *
     * @throws NameHeldException also if this queue has joined since by itself: who is late must not take its place
     */
    Joined rejoinAtOnce(Node before) {
        return alone(() -> {
            if (last != null && !last.equals(before)) {
                throw new NameHeldException(last);
            }
            return rejoin(Supplier::get);
        });
    }

    private Joined alone(Supplier<Joined> joins) {
        joining.lock();
        try {
            return joins.get();
        } finally {
            joining.unlock();
        }
    }

    private Joined rejoin(Function<Supplier<StoreSession>, StoreSession> tries) {
        JoinRequest request = request();
        while (true) {
            try {
                return join(request, tries);
            } catch (NameHeldException held) {
                if (!mayBeIn.remove(held.holder())) {
                    throw held;
                }
                request = request.replacing(held.holder());
            }
        }
    }

    private JoinRequest request() {
        Node node = Node.of(name, new UUID(platform.randomLong(), platform.randomLong()));
        return JoinRequest.of(node, lease, wakeUp);
    }

    private Joined join(JoinRequest request, Function<Supplier<StoreSession>, StoreSession> tries) {
        mayBeIn.add(request.node());
        StoreSession session = tries.apply(() -> store.join(request));
        mayBeIn.retainAll(Set.of(request.node()));
        last = request.node();
        reporter.publish(new NodeJoined(request.node(), store.traits().name()));
        return new Joined(request.node(), session);
    }
}
