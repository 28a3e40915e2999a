package dev.jobqueue.core.dispatch;

import static dev.jobqueue.core.given.UnreliableStore.Call.CLAIM;
import static dev.jobqueue.core.given.UnreliableStore.Call.LIST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.atLeast;
import static org.mockito.Mockito.atMost;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.core.given.Trouble;
import dev.jobqueue.core.runtime.Duty.Turn;
import dev.jobqueue.job.Job;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.StoreSession;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DispatcherTest extends Dispatching {
    @Test
    void claimsWhatIdleWorkersCanTakeAndOneMoreEach() {
        // given
        pending(10);
        // when
        Turn turn = dispatcher.runOnce();
        // then
        assertEquals(4, turn.done());
        assertEquals(4, deliveries.size());
        assertEquals(4, held.size());
        assertEquals(0, dispatcher.runOnce().done());
        assertEquals(1, store.calls(CLAIM));
    }

    @Test
    void claimsAgainWhenHalfOfWhatItClaimedAheadIsTaken() {
        // given
        pending(10);
        dispatcher.runOnce();
        HeldJob first = taken();
        taken();
        done(first);
        assertFalse(dispatcher.hearRoom());
        assertEquals(0, dispatcher.runOnce().done());
        // when
        taken();
        // then
        assertTrue(dispatcher.hearRoom());
        assertEquals(1, dispatcher.runOnce().done());
        assertEquals(2, deliveries.size());
    }

    @Test
    void hearsOfRoomOnlyWhenItWaitsForSome() {
        // given: there is room, and nothing to claim
        dispatcher.runOnce();
        assertFalse(dispatcher.hearRoom());
        // when
        pending(10);
        platform.advance(POLL);
        dispatcher.runOnce();
        taken();
        // then: three wait, and one is half of two
        assertFalse(dispatcher.hearRoom());
        taken();
        taken();
        assertTrue(dispatcher.hearRoom());
        assertFalse(dispatcher.hearRoom(), "it is on its way already");
    }

    @Test
    void claimsMoreAheadOfWorkersThatRunOut() {
        // given
        pending(1_000);
        for (int claims = 1; claims <= 5; claims++) {
            dispatcher.runOnce();
            while (deliveries.size() > 0) {
                done(taken());
            }
        }
        // then: 4, 4, 6, 10, 18, and now for two free workers and 32 ahead
        assertEquals(34, dispatcher.runOnce().done());
    }

    @Test
    void doesNotSpinWhileSomebodyKeepsWhatIsDue() {
        // given: a store that says that a job is due, and can't give it, as a transaction of the host's has it locked
        StoreSession session = mock(StoreSession.class);
        when(session.claim(any())).thenAnswer(call -> Claimed.of(List.of(), Optional.of(platform.now())));
        dispatch(session, 2, 100, Set.of(SomeJobs.TYPE), "default");
        // when
        run(Duration.ofSeconds(1));
        // then
        verify(session, atLeast(5)).claim(any());
        verify(session, atMost(25)).claim(any());
        // and news are followed at once
        clearInvocations(session);
        dispatcher.hearAnything();
        dispatcher.runOnce();
        verify(session).claim(any());
    }

    @Test
    void neverClaimsMoreThanTheDeliveryQueueHolds() {
        // given
        dispatch(10, 3, Set.of(SomeJobs.TYPE), "default");
        pending(10);
        // when
        dispatcher.runOnce();
        // then
        assertEquals(3, held.size());
        assertEquals(3, deliveries.size());
    }

    @Test
    void neverClaimsMoreThanTheStoresLongestBatch() {
        // given
        dispatch(2_000, 10_000, Set.of(SomeJobs.TYPE), "default");
        pending(1_000);
        // then
        assertEquals(1_000, dispatcher.runOnce().done());
    }

    @Test
    void claimsNothingAheadWhileTooManyBytesWait() {
        // given
        byte[] large = new byte[9 * 1024 * 1024];
        List<Job> jobs = IntStream.range(0, 4)
                .mapToObj(i -> Job.of(SomeJobs.pending("job " + i).info(), large))
                .toList();
        dispatch(1, 100, Set.of(SomeJobs.TYPE), "default");
        real.insert(jobs);
        assertEquals(2, dispatcher.runOnce().done());
        when(workers.number()).thenReturn(2);
        // then: 18 MiB wait, then 9, and 9 more would be too much
        assertEquals(0, dispatcher.runOnce().done());
        taken();
        assertEquals(0, dispatcher.runOnce().done());
        taken();
        assertEquals(1, dispatcher.runOnce().done());
    }

    @Test
    void claimsForFreeWorkersHoweverManyBytesWait() {
        // given
        byte[] large = new byte[15 * 1024 * 1024];
        dispatch(1, 100, Set.of(SomeJobs.TYPE), "default");
        real.insert(IntStream.range(0, 5)
                .mapToObj(i -> Job.of(SomeJobs.pending("job " + i).info(), large))
                .toList());
        assertEquals(2, dispatcher.runOnce().done());
        // when
        when(workers.number()).thenReturn(4);
        // then
        assertEquals(2, dispatcher.runOnce().done());
    }

    /** A worker between two jobs has taken one, and has not begun it. */
    @Test
    void countsAJobThatAWorkerIsAboutToBegin() {
        // given
        pending(10);
        assertEquals(4, dispatcher.runOnce().done());
        // when
        deliveries.take();
        deliveries.take();
        // then
        assertEquals(0, dispatcher.runOnce().done());
    }

    @Test
    void claimsNothingWhileTooManyResultsAreOnTheirWay() {
        // given
        pending(10);
        for (int i = 0; i < 998; i++) {
            completion.add(result(new HeldJob(SomeJobs.processing("other " + i))));
        }
        // when
        assertEquals(2, dispatcher.runOnce().done());
        for (int i = 0; i < 2; i++) {
            completion.add(result(new HeldJob(SomeJobs.processing("one more " + i))));
        }
        taken();
        // then
        assertEquals(0, dispatcher.runOnce().done());
        assertEquals(1, store.calls(CLAIM));
        completion.runOnce();
        assertEquals(2, dispatcher.runOnce().done());
    }

    @Test
    void neverPollsFasterThanConfiguredWhenIdle() {
        // when
        run(Duration.ofMinutes(10));
        // then
        assertTrue(store.calls(CLAIM) <= 301, () -> store.calls(CLAIM) + " claims");
        assertTrue(store.calls(CLAIM) >= 299, () -> store.calls(CLAIM) + " claims");
        assertEquals(0, store.calls(LIST));
    }

    @Test
    void asksTheStoreNothingWhenItIsWokenForNothing() {
        // given
        dispatcher.runOnce();
        // when
        for (int i = 0; i < 1_000; i++) {
            dispatcher.runOnce();
        }
        // then
        assertEquals(1, store.calls(CLAIM));
    }

    @Test
    void asksTheStoreNothingWhileNoWorkerIsFree() {
        // given
        pending(10);
        dispatcher.runOnce();
        taken();
        taken();
        // when
        run(Duration.ofMinutes(1));
        // then
        assertEquals(1, store.calls(CLAIM));
    }

    @Test
    void asksTheStoreNothingWithoutAHandler() {
        // given
        dispatch(2, 100, Set.of(), "default");
        // when
        run(Duration.ofMinutes(1));
        // then
        assertEquals(0, store.calls(CLAIM));
    }

    @Test
    void wakesWhenTheNextJobIsDue() {
        // given
        real.insert(List.of(SomeJobs.pending("later", platform.now().plusMillis(700))));
        // when
        Turn turn = dispatcher.runOnce();
        // then
        assertEquals(new Turn(0, Duration.ofMillis(700)), turn);
        platform.advance(Duration.ofMillis(699));
        assertEquals(new Turn(0, Duration.ofMillis(1)), dispatcher.runOnce());
        platform.advance(Duration.ofMillis(1));
        assertEquals(1, dispatcher.runOnce().done());
        assertEquals(2, store.calls(CLAIM));
    }

    @Test
    void claimsWhatItHearsOf() {
        // given
        dispatcher.runOnce();
        pending(1);
        // then
        assertTrue(dispatcher.hear(platform.now()));
        assertEquals(1, dispatcher.runOnce().done());
    }

    @Test
    void wakesWhenAJobThatItHeardOfIsDue() {
        // given
        dispatcher.runOnce();
        Instant due = platform.now().plusMillis(300);
        real.insert(List.of(SomeJobs.pending("later", due)));
        // then
        assertTrue(dispatcher.hear(due));
        assertFalse(dispatcher.hear(due.plusMillis(1)));
        assertFalse(dispatcher.hear(due));
        assertEquals(Duration.ofMillis(300), dispatcher.runOnce().next());
        platform.advance(Duration.ofMillis(300));
        assertEquals(1, dispatcher.runOnce().done());
    }

    @Test
    void losesNoNewsThatComesWhileItClaims() {
        // given: a job that is stored just after the claim has looked
        store.next(CLAIM, Trouble.after(() -> {
            pending(1);
            dispatcher.hear(platform.now());
        }));
        // when
        Turn turn = dispatcher.runOnce();
        // then
        assertEquals(new Turn(0, Duration.ZERO), turn);
        assertEquals(1, dispatcher.runOnce().done());
    }

    @Test
    void findsAtTheNextPollWhatNobodyToldItOf() {
        // given
        Duration next = dispatcher.runOnce().next();
        pending(1);
        // when
        assertEquals(POLL, next);
        platform.advance(POLL);
        // then
        assertEquals(1, dispatcher.runOnce().done());
    }

    @Test
    void claimsFromItsQueuesInOrder() {
        // given
        dispatch(1, 2, Set.of(SomeJobs.TYPE), "urgent", "default");
        Job normal = SomeJobs.pending("normal");
        Job urgent = Job.of(
                SomeJobs.pending("urgent").info().toBuilder()
                        .queue("urgent")
                        .priority(9)
                        .build(),
                new byte[0]);
        real.insert(List.of(normal, urgent));
        // when
        dispatcher.runOnce();
        // then
        assertEquals(urgent.id(), deliveries.take().orElseThrow().info().id());
        assertEquals(normal.id(), deliveries.take().orElseThrow().info().id());
    }
}
