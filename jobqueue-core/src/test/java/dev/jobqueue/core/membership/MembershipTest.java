package dev.jobqueue.core.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.core.membership.Membership.Joined;
import dev.jobqueue.core.recovery.ForwardingStore;
import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.runtime.FakePlatform;
import dev.jobqueue.event.JobQueueEvent;
import dev.jobqueue.event.NodeJoined;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.End;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.NameHeldException;
import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class MembershipTest {
    private final FakePlatform platform = new FakePlatform();
    private final MemoryJobStore store = MemoryJobStore.create(platform::now);
    private final List<JobQueueEvent> events = new ArrayList<>();

    private Membership membership(JobStore over) {
        return new Membership(
                platform, new Reporter(platform, List.of(events::add)), over, "queue", Duration.ofSeconds(6), () -> {});
    }

    /** A store that fails at joins and leaves as told. */
    private final class Unsteady extends ForwardingStore {
        boolean losesAnswersOfJoins;
        boolean refusesLeaves;

        Unsteady() {
            super(store);
        }

        @Override
        protected <T> T call(String name, Supplier<T> made) {
            if (name.equals("leave") && refusesLeaves) {
                throw new StoreException("away");
            }
            T answer = super.call(name, made);
            if (name.equals("join") && losesAnswersOfJoins) {
                throw new OutcomeUnknownException("the answer was lost", null);
            }
            return answer;
        }
    }

    private static Optional<End> endOf(Joined joined) {
        return joined.session().heartbeat(Set.of()).ended();
    }

    @Test
    void takesThePlaceOfWhoeverIsIn() {
        // given
        Joined before = membership(store).takeOver();
        // when
        Joined after = membership(store).takeOver();
        // then
        assertEquals(Optional.of(End.SUPERSEDED), endOf(before));
        assertEquals(Optional.empty(), endOf(after));
        assertEquals(List.of(new NodeJoined(before.node(), "memory"), new NodeJoined(after.node(), "memory")), events);
    }

    @Test
    void isANewIncarnationEachTime() {
        // given
        Membership membership = membership(store);
        Joined first = membership.takeOver();
        first.session().close();
        // when
        Joined second = membership.rejoin();
        // then
        assertEquals("queue", second.node().name());
        assertNotEquals(first.node().incarnation(), second.node().incarnation());
    }

    @Test
    void rejoinsNoStoreThatANewerQueueIsIn() {
        // given
        Membership older = membership(store);
        older.takeOver();
        Joined newer = membership(store).takeOver();
        // when
        NameHeldException thrown = assertThrows(NameHeldException.class, older::rejoin);
        // then
        assertEquals(newer.node(), thrown.holder());
        assertEquals(Optional.empty(), endOf(newer));
    }

    /** A join that was slow, of before a stop and a start. */
    @Test
    void takesNoPlaceFromItsOwnLaterSelf() {
        // given
        Membership membership = membership(store);
        Joined first = membership.takeOver();
        first.session().close();
        Joined second = membership.rejoin();
        // when
        assertThrows(NameHeldException.class, () -> membership.rejoinAtOnce(first.node()));
        // then
        assertEquals(Optional.empty(), endOf(second));
        Joined third = membership.rejoinAtOnce(second.node());
        assertEquals(Optional.empty(), endOf(third));
    }

    @Test
    void rejoinsAlthoughTheStoreDidNotAnswerWhenItLeft() {
        // given
        Unsteady unsteady = new Unsteady();
        Membership membership = membership(unsteady);
        Joined first = membership.takeOver();
        unsteady.refusesLeaves = true;
        assertThrows(StoreException.class, first.session()::close);
        // when
        Joined second = membership.rejoin();
        // then
        assertEquals(Optional.of(End.SUPERSEDED), endOf(first));
        assertEquals(Optional.empty(), endOf(second));
    }

    @Test
    void rejoinsAlthoughTheAnswerToAnEarlierRejoinWasLost() {
        // given: it is in, and does not know
        Unsteady unsteady = new Unsteady();
        Membership membership = membership(unsteady);
        membership.takeOver().session().close();
        unsteady.losesAnswersOfJoins = true;
        assertThrows(StoreException.class, membership::rejoin);
        unsteady.losesAnswersOfJoins = false;
        // when
        Joined joined = membership.rejoin();
        // then
        assertEquals(Optional.empty(), endOf(joined));
    }

    @Test
    void joinsOnceWhenTheFirstAnswerIsLost() {
        // given
        ForwardingStore losing = new ForwardingStore(store) {
            private int joins;

            @Override
            public StoreSession join(JoinRequest request) {
                StoreSession session = super.join(request);
                if (++joins == 1) {
                    throw new OutcomeUnknownException("the answer was lost", null);
                }
                return session;
            }
        };
        // when
        Joined joined = membership(losing).takeOver();
        // then
        assertEquals(Optional.empty(), endOf(joined));
        assertEquals(1, events.size());
    }

    @Test
    void endsThoughAStoreNamesTheSameHolderForEver() {
        // given
        Node held = Node.of("queue", new UUID(0, 9));
        ForwardingStore stubborn = new ForwardingStore(store) {
            @Override
            public StoreSession join(JoinRequest request) {
                throw new NameHeldException(held);
            }
        };
        // when
        StoreException thrown =
                assertThrows(StoreException.class, () -> membership(stubborn).takeOver());
        // then
        assertTrue(thrown.getMessage().contains(held.text()), thrown.getMessage());
    }
}
