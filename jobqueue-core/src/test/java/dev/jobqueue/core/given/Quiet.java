package dev.jobqueue.core.given;

import dev.jobqueue.core.membership.Member;
import java.util.concurrent.atomic.AtomicInteger;

/** Vouches, and counts what it hears. */
public final class Quiet implements Member.Witness {
    public final AtomicInteger changes = new AtomicInteger();
    public final AtomicInteger endsOfOthers = new AtomicInteger();
    public final AtomicInteger superseded = new AtomicInteger();
    public volatile boolean vouches = true;

    @Override
    public boolean vouches() {
        return vouches;
    }

    @Override
    public void changed() {
        changes.incrementAndGet();
    }

    @Override
    public void othersEnded() {
        endsOfOthers.incrementAndGet();
    }

    @Override
    public void superseded(Member member) {
        superseded.incrementAndGet();
    }
}
