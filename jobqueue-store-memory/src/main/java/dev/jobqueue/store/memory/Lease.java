package dev.jobqueue.store.memory;

import dev.jobqueue.job.Node;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.Lapse;
import java.time.Instant;

/** A live node, and until when it counts as alive. Not thread-safe. */
final class Lease {
    private final JoinRequest request;
    private Instant until;

    /** Begins now. */
    Lease(JoinRequest request, Instant now) {
        this.request = request;
        this.until = now.plus(request.lease());
    }

    Node node() {
        return request.node();
    }

    void wakeUp() {
        request.wakeUp().run();
    }

    void renew(Instant now) {
        until = now.plus(request.lease());
    }

    /** A lease further ahead than it is long was written before the clock went back: its node would look alive for too long. */
    void cut(Instant now) {
        Instant longest = now.plus(request.lease());
        if (until.isAfter(longest)) {
            until = longest;
        }
    }

    boolean hasRunOut(Instant now) {
        return !until.isAfter(now);
    }

    Lapse lapse() {
        return Lapse.of(node(), until, request.lease());
    }
}
