package dev.jobqueue.store.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jobqueue.job.Node;
import dev.jobqueue.store.End;
import dev.jobqueue.store.Heartbeat;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.Lapse;
import dev.jobqueue.store.StoreSession;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A node that has not ended is live, whatever the clock says; that its lease has run out is for others to see, and to judge. */
abstract class LeaseClauses extends SharedClauses {
    LeaseClauses(JobStoreContract contract) {
        super(contract);
    }

    @Test
    void thatHaveRunOutAreShownToOthers() {
        // given
        Instant until = now().plus(LEASE);
        join(first);
        // when
        letLeasesRunOut();
        StoreSession other = join(second);
        // then
        assertEquals(List.of(Lapse.of(first, until, LEASE)), runOut(other));
    }

    @Test
    void thatHaveNotRunOutAreNotShown() {
        // given
        join(first);
        // when
        clock.advance(LEASE.minusSeconds(1));
        // then
        assertEquals(List.of(), runOut(join(second)));
    }

    @Test
    void areAsLongAsTheirNodeAskedFor() {
        // given
        Instant until = now().plus(LONG_LEASE);
        joinForLong(first);
        StoreSession other = join(second);
        // then
        letLeasesRunOut();
        assertEquals(List.of(), runOut(other));
        clock.advance(LONG_LEASE);
        assertEquals(List.of(Lapse.of(first, until, LONG_LEASE)), runOut(other));
    }

    @Test
    void beginAnewWithEachHeartbeat() {
        // given
        StoreSession session = join(first);
        StoreSession other = join(second);
        for (int i = 0; i < 3; i++) {
            // when
            clock.advance(LEASE.minusSeconds(1));
            assertEquals(Optional.empty(), session.heartbeat(Set.of()).ended());
            // then
            assertEquals(List.of(), runOut(other));
        }
        Instant until = now().plus(LEASE);
        letLeasesRunOut();
        assertEquals(List.of(Lapse.of(first, until, LEASE)), runOut(other));
    }

    /** Else an outage of the store would make every node look dead. */
    @Test
    void areRenewedHoweverLate() {
        // given
        StoreSession session = join(first);
        StoreSession other = join(second);
        clock.advance(Duration.ofDays(3));
        assertEquals(List.of(first), runOut(other).stream().map(Lapse::node).toList());
        // when
        Heartbeat late = session.heartbeat(Set.of());
        // then
        assertEquals(Optional.empty(), late.ended());
        assertEquals(List.of(), late.runOut());
        assertEquals(List.of(), runOut(other));
    }

    @Test
    void letTheirNodesClaimAlthoughTheyHaveRunOut() {
        // given
        StoreSession session = join(first);
        insert(aJob());
        // when
        clock.advance(Duration.ofDays(3));
        runOut(join(second));
        // then
        assertEquals(1, session.claim(claiming(1)).jobs().size());
    }

    /** A node counts its lease from the call whose answer it got. */
    @Test
    void beginAnewWhenTheirNodeJoinsAgain() {
        // given
        join(first);
        clock.advance(LEASE.minusSeconds(1));
        // when
        join(first);
        // then
        clock.advance(LEASE.minusSeconds(1));
        assertEquals(List.of(), runOut(join(second)));
    }

    /** They were written before the store's clock went back: their node would look alive for an hour. */
    @Test
    void areCutWhereTheyReachFurtherThanTheyAreLong() {
        // given
        join(first);
        StoreSession other = join(second);
        // when
        clock.advance(Duration.ofHours(-1));
        Instant until = now().plus(LEASE);
        assertEquals(List.of(), runOut(other));
        letLeasesRunOut();
        // then
        assertEquals(List.of(Lapse.of(first, until, LEASE)), runOut(other));
    }

    @Test
    void areCutToTheirOwnLengthWhoeverCutsThem() {
        // given
        joinForLong(first);
        StoreSession other = join(second);
        // when
        clock.advance(Duration.ofHours(-1));
        Instant until = now().plus(LONG_LEASE);
        assertEquals(List.of(), runOut(other));
        letLeasesRunOut();
        // then
        assertEquals(List.of(), runOut(other));
        clock.advance(LONG_LEASE);
        assertEquals(List.of(Lapse.of(first, until, LONG_LEASE)), runOut(other));
    }

    @Test
    void areMeasuredByTheTimeThatTheHeartbeatTells() {
        // given
        StoreSession session = join(first);
        clock.advance(Duration.ofMillis(1_500));
        // then
        assertEquals(now(), session.heartbeat(Set.of()).storeTime());
        session.close();
        clock.advance(Duration.ofMillis(1_500));
        assertEquals(now(), session.heartbeat(Set.of()).storeTime());
    }

    @Test
    void ofEndedNodesAreNotShown() {
        // given
        for (End end : End.values()) {
            Node node = aNode("worker");
            end(node, join(node), end);
        }
        // when
        letLeasesRunOut();
        // then
        assertEquals(List.of(), runOut(join(second)));
    }

    private void joinForLong(Node node) {
        store.join(JoinRequest.of(node, LONG_LEASE, () -> {}));
    }
}
