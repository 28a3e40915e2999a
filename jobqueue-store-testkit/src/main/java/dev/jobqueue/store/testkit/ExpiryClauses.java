package dev.jobqueue.store.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.jobqueue.job.Node;
import dev.jobqueue.store.End;
import dev.jobqueue.store.Heartbeat;
import dev.jobqueue.store.Lapse;
import dev.jobqueue.store.StoreSession;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A node ends another whose lease it has watched: the same lease, unchanged and still run out, and nobody else. */
abstract class ExpiryClauses extends SharedClauses {
    ExpiryClauses(JobStoreContract contract) {
        super(contract);
    }

    @Test
    void endsWhoWasWatched() {
        // given
        StoreSession session = join(first);
        StoreSession watcher = join(second);
        letLeasesRunOut();
        Lapse lapse = onlyLapse(watcher, first);
        // when
        Heartbeat beat = watcher.heartbeat(Set.of(lapse));
        // then
        assertEquals(List.of(), beat.runOut());
        assertEnded(session, End.EXPIRED);
        assertLive(watcher);
    }

    @Test
    void endsNobodyWhoIsNotNamed() {
        // given
        StoreSession session = join(first);
        StoreSession other = join(aNode("other"));
        StoreSession watcher = join(second);
        letLeasesRunOut();
        // when
        watcher.heartbeat(Set.of(onlyLapse(watcher, first)));
        // then
        assertEnded(session, End.EXPIRED);
        assertLive(other);
    }

    @Test
    void endsNobodyWhoRenewedMeanwhile() {
        // given
        StoreSession session = join(first);
        StoreSession watcher = join(second);
        letLeasesRunOut();
        Lapse lapse = onlyLapse(watcher, first);
        // when
        session.heartbeat(Set.of());
        letLeasesRunOut();
        Heartbeat beat = watcher.heartbeat(Set.of(lapse));
        // then
        assertEquals(1, beat.runOut().size());
        assertFalse(beat.runOut().contains(lapse));
        assertLive(session);
    }

    /** The clock went back, but not so far that the lease is cut. */
    @Test
    void endsNobodyWhoseLeaseRunsAgain() {
        // given
        StoreSession session = join(first);
        StoreSession watcher = join(second);
        letLeasesRunOut();
        Lapse lapse = onlyLapse(watcher, first);
        // when
        clock.advance(Duration.ofSeconds(-4));
        watcher.heartbeat(Set.of(lapse));
        // then
        assertLive(session);
    }

    @Test
    void doesNoHarmTheSecondTime() {
        // given
        StoreSession session = join(first);
        StoreSession watcher = join(second);
        StoreSession another = join(aNode("third"));
        letLeasesRunOut();
        another.heartbeat(Set.of());
        Lapse lapse = onlyLapse(watcher, first);
        watcher.heartbeat(Set.of(lapse));
        StoreSession next = join(aNode(first.name()));
        // when
        Heartbeat beat = another.heartbeat(Set.of(lapse));
        // then
        assertEquals(Optional.empty(), beat.ended());
        assertEnded(session, End.EXPIRED);
        assertLive(next);
        assertLive(watcher);
    }

    /** Each renews its own lease and ends the others'. Who was slower learns that it ended; no call is refused. */
    @Test
    void mayBeMutual() throws Exception {
        for (int i = 0; i < 5; i++) {
            // given
            Map<Node, StoreSession> sessions = new HashMap<>();
            Stream.generate(() -> aNode("worker " + newId())).limit(6).forEach(node -> sessions.put(node, join(node)));
            letLeasesRunOut();
            StoreSession watcher = join(aNode("watcher"));
            List<Lapse> lapses = runOut(watcher);
            watcher.close();
            // when
            List<Heartbeat> beats = Patience.together(
                    patience(),
                    sessions.entrySet().stream()
                            .map(each -> (Callable<Heartbeat>)
                                    () -> each.getValue().heartbeat(ofOthers(lapses, each.getKey())))
                            .toList());
            // then
            List<StoreSession> live = sessions.values().stream()
                    .filter(session -> session.heartbeat(Set.of()).ended().isEmpty())
                    .toList();
            assertFalse(live.isEmpty(), () -> "nobody is left: " + beats);
            live.forEach(this::assertLive);
            live.forEach(StoreSession::close);
        }
    }

    private static Set<Lapse> ofOthers(List<Lapse> lapses, Node node) {
        return lapses.stream().filter(lapse -> !lapse.node().equals(node)).collect(Collectors.toSet());
    }
}
