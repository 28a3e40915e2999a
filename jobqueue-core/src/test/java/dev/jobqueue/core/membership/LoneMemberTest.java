package dev.jobqueue.core.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.core.given.HeardEvents;
import dev.jobqueue.core.given.Quiet;
import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.runtime.FakePlatform;
import dev.jobqueue.event.NodeEnded;
import dev.jobqueue.option.LeaseOptions;
import dev.jobqueue.store.End;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The member of a store that admits one node at a time, and has no leases. */
class LoneMemberTest {
    private final FakePlatform platform = new FakePlatform();
    private final MemoryJobStore store = MemoryJobStore.create(platform::now);
    private final HeardEvents heard = new HeardEvents();
    private final Reporter reporter = new Reporter(platform, List.of(heard));
    private final Quiet witness = new Quiet();
    private final Member member = member(witness);

    private Member member(Quiet witness) {
        Membership membership = new Membership(
                platform, reporter, store, "queue", LeaseOptions.defaults().length(), () -> {});
        return new Member(
                platform,
                reporter,
                membership,
                LeaseOptions.defaults(),
                false,
                membership.takeOver(),
                platform.nanoTime(),
                witness);
    }

    @Test
    void isLiveWithoutAHeartbeat() {
        // when
        member.start();
        platform.advance(Duration.ofDays(1));
        // then
        member.check();
        assertTrue(member.isLive());
        assertEquals(List.of(), member.problems());
        assertEquals(List.of(), platform.startedThreads());
    }

    @Test
    void findsThatItIsOutWhenItAsks() {
        // given
        member(new Quiet());
        assertFalse(member.isOut());
        // when
        member.check();
        member.check();
        // then
        assertTrue(member.isOut());
        assertFalse(member.isLive());
        assertEquals(new NodeEnded(member.node(), End.SUPERSEDED), heard.only(NodeEnded.class));
        assertEquals(1, witness.superseded.get());
    }
}
