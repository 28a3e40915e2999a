package dev.jobqueue.store.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jobqueue.job.Node;
import dev.jobqueue.store.End;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.NameHeldException;
import dev.jobqueue.store.StoreSession;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** In a store that admits many nodes each name is held by one incarnation, and others go by only in its place. */
abstract class NameClauses extends SharedClauses {
    private static final int THREADS = 8;
    private static final int ROUNDS = 10;

    NameClauses(JobStoreContract contract) {
        super(contract);
    }

    @Test
    void areHeldSideBySide() {
        // given
        StoreSession one = join(first);
        StoreSession two = join(second);
        insert(jobs(2));
        // then
        assertEquals(1, one.claim(claiming(1)).jobs().size());
        assertEquals(1, two.claim(claiming(1)).jobs().size());
        assertLive(one);
    }

    @Test
    void areNotGivenToWhoNamesNobody() {
        // given
        StoreSession session = join(first);
        // then
        assertHeldBy(first, joining(aNode(first.name())));
        assertLive(session);
    }

    @Test
    void areNotGivenToWhoNamesAnother() {
        // given
        StoreSession session = join(first);
        join(second);
        Node next = aNode(first.name());
        // then
        assertHeldBy(first, joining(next).replacing(aNode(first.name())));
        assertHeldBy(first, joining(next).replacing(second));
        assertHeldBy(first, joining(next).replacing(next));
        assertLive(session);
    }

    @Test
    void areGivenToWhoNamesTheHolder() {
        // given
        StoreSession old = join(first);
        StoreSession other = join(second);
        // when
        StoreSession session = store.join(joining(aNode(first.name())).replacing(first));
        // then
        assertEnded(old, End.SUPERSEDED);
        assertLive(session);
        assertLive(other);
    }

    @Test
    void areToldApartToTheLetter() {
        // given
        StoreSession one = join(aNode("Worker"));
        // then
        assertLive(join(aNode("worker")));
        assertLive(join(aNode("worker ")));
        assertLive(one);
    }

    /** A node that was told of an old holder and meanwhile found the name free. */
    @Test
    void areFreeOnceTheirHolderHasLeft() {
        // given
        join(first).close();
        // then
        assertLive(store.join(joining(aNode(first.name())).replacing(first)));
        join(second).close();
        assertLive(join(aNode(second.name())));
    }

    @Test
    void areNotFreeWhenTheirHoldersLeaseHasRunOut() {
        // given
        join(first);
        // when
        letLeasesRunOut();
        // then
        assertHeldBy(first, joining(aNode(first.name())));
    }

    @Test
    void areFreeOnceTheirHolderHasExpired() {
        // given
        end(first, join(first), End.EXPIRED);
        // then
        assertLive(join(aNode(first.name())));
    }

    @Test
    void endNobodyWhoHoldsAnother() {
        // given
        StoreSession other = join(first);
        // when
        StoreSession session = store.join(joining(second).replacing(first));
        // then
        assertLive(session);
        assertLive(other);
    }

    @Test
    void areGivenToOneOfManyThatJoinAtOnce() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            String name = "worker " + i;
            assertOneGetsIt(nodes(name), node -> joining(node));
        }
    }

    @Test
    void areGivenToOneOfManyThatReplaceTheHolderAtOnce() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            // given
            Node holder = aNode("worker " + i);
            StoreSession old = join(holder);
            // then
            assertOneGetsIt(nodes(holder.name()), node -> joining(node).replacing(holder));
            assertEnded(old, End.SUPERSEDED);
        }
    }

    private static List<Node> nodes(String name) {
        return IntStream.range(0, THREADS).mapToObj(i -> aNode(name)).toList();
    }

    private interface Joining {
        JoinRequest of(Node node);
    }

    /** Each is told who holds the name then: the one that got it. */
    private void assertOneGetsIt(List<Node> nodes, Joining joining) throws Exception {
        Set<Node> holders = new HashSet<>(Patience.together(
                patience(),
                nodes.stream()
                        .map(node -> (Callable<Node>) () -> holderAfter(joining.of(node)))
                        .toList()));
        assertEquals(1, holders.size(), () -> "these hold one name: " + holders);
        assertEquals(holders, Set.of(heldBy(joining(aNode(nodes.get(0).name())))));
    }

    private Node holderAfter(JoinRequest request) {
        try {
            store.join(request);
            return request.node();
        } catch (NameHeldException held) {
            return held.holder();
        }
    }

    private void assertHeldBy(Node holder, JoinRequest request) {
        assertEquals(holder, heldBy(request));
    }

    private Node heldBy(JoinRequest request) {
        return assertThrows(NameHeldException.class, () -> store.join(request)).holder();
    }
}
