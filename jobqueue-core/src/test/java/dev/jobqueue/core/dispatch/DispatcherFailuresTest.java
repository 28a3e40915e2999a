package dev.jobqueue.core.dispatch;

import static dev.jobqueue.core.given.UnreliableStore.Call.CLAIM;
import static dev.jobqueue.core.given.UnreliableStore.Call.HEARTBEAT;
import static dev.jobqueue.core.given.UnreliableStore.Call.LIST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.core.given.Trouble;
import dev.jobqueue.core.runtime.Duty.Turn;
import dev.jobqueue.event.NodeEnded;
import dev.jobqueue.event.StoreAvailable;
import dev.jobqueue.event.StoreUnavailable;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.End;
import dev.jobqueue.store.JoinRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DispatcherFailuresTest extends Dispatching {
    @Test
    void waitsLongerAfterEachFailureAndSaysSoOnce() {
        // given
        store.always(CLAIM, Trouble.refused());
        // when
        run(Duration.ofMinutes(1));
        // then
        assertTrue(store.calls(CLAIM) < 30, () -> store.calls(CLAIM) + " tries");
        assertEquals("dispatch", heard.only(StoreUnavailable.class).duty());
        store.heal();
        run(Duration.ofSeconds(10));
        assertEquals("dispatch", heard.only(StoreAvailable.class).duty());
    }

    @Test
    void isNotHurriedWhileTheStoreFails() {
        // given
        store.always(CLAIM, Trouble.refused());
        dispatcher.runOnce();
        // when
        dispatcher.hearAnything();
        Turn turn = dispatcher.runOnce();
        // then
        assertEquals(1, store.calls(CLAIM));
        assertTrue(turn.next().toMillis() > 0);
    }

    @Test
    void goesOnAfterWhateverTheStoreThrows() {
        // given
        pending(1);
        store.next(
                CLAIM,
                Trouble.thrown(NullPointerException::new),
                Trouble.thrown(() -> new IllegalArgumentException("odd")));
        // when
        run(Duration.ofSeconds(10));
        // then
        assertEquals(1, deliveries.size());
    }

    @Test
    void givesBackWhatALostAnswerClaimed() {
        // given
        List<JobId> ids = pending(3);
        store.next(CLAIM, Trouble.answerLost());
        dispatcher.runOnce();
        assertEquals(JobStatus.PROCESSING, info(ids.get(0)).status());
        assertTrue(dispatcher.claimUnknown());
        // when
        platform.advance(COMPARE_EVERY);
        dispatcher.runOnce();
        completion.runOnce();
        // then
        for (JobId id : ids) {
            assertEquals(JobStatus.PENDING, info(id).status());
            assertEquals(0, info(id).failures());
        }
    }

    @Test
    void comparesBeforeItClaimsAgain() {
        // given
        pending(3);
        store.next(CLAIM, Trouble.answerLost());
        dispatcher.runOnce();
        platform.advance(COMPARE_EVERY);
        store.next(LIST, Trouble.refused());
        // when
        dispatcher.runOnce();
        // then
        assertEquals(1, store.calls(CLAIM));
    }

    @Test
    void comparesUntilACallBoundAfterALostAnswer() {
        // given: a claim that takes effect long after it failed
        store.next(CLAIM, Trouble.lost());
        dispatcher.runOnce();
        // when
        run(Duration.ofMillis(5_900));
        // then
        assertTrue(dispatcher.claimUnknown());
        run(COMPARE_EVERY.multipliedBy(2));
        assertFalse(dispatcher.claimUnknown());
        int comparisons = store.calls(LIST);
        run(Duration.ofMinutes(1));
        assertEquals(comparisons, store.calls(LIST));
    }

    @Test
    void takesAPlainFailureOfAClaimAtItsWord() {
        // given
        store.next(CLAIM, Trouble.refused());
        // when
        dispatcher.runOnce();
        // then
        assertFalse(dispatcher.claimUnknown());
    }

    @Test
    void comparesOnlySoOftenAndOnlyWhileSomethingIsHeld() {
        // given
        pending(1);
        dispatcher.runOnce();
        HeldJob job = taken();
        // when
        run(Duration.ofMinutes(1));
        // then
        assertTrue(store.calls(LIST) <= 40, () -> store.calls(LIST) + " comparisons");
        assertTrue(store.calls(LIST) >= 38, () -> store.calls(LIST) + " comparisons");
        done(job);
        int comparisons = store.calls(LIST);
        run(Duration.ofMinutes(1));
        assertEquals(comparisons, store.calls(LIST));
    }

    @Test
    void comparesNotAtOnceWhatItHasJustClaimed() {
        // given
        run(Duration.ofMinutes(1));
        pending(1);
        dispatcher.hearAnything();
        // when
        dispatcher.runOnce();
        dispatcher.runOnce();
        // then
        assertEquals(1, held.size());
        assertEquals(0, store.calls(LIST));
    }

    @Test
    void saysOnceThatClaimsFailThoughComparisonsSucceed() {
        // given
        pending(1);
        dispatcher.runOnce();
        taken();
        store.always(CLAIM, Trouble.refused());
        // when
        run(Duration.ofMinutes(1));
        // then
        assertEquals(1, heard.all(StoreUnavailable.class).size());
        assertEquals(0, heard.all(StoreAvailable.class).size());
        assertTrue(store.calls(CLAIM) < 30, () -> store.calls(CLAIM) + " tries");
    }

    @Test
    void saysThatTheStoreIsBackThoughThereIsNoRoomToClaim() {
        // given
        pending(10);
        dispatcher.runOnce();
        taken();
        taken();
        store.next(LIST, Trouble.refused());
        // when
        run(Duration.ofSeconds(10));
        // then
        assertEquals(1, heard.all(StoreUnavailable.class).size());
        assertEquals(1, heard.all(StoreAvailable.class).size());
    }

    @Test
    void saysThatTheStoreIsBackThoughItHandlesNothing() {
        // given
        dispatch(2, 100, Set.of(), "default");
        store.next(HEARTBEAT, Trouble.refused());
        // when
        run(Duration.ofSeconds(10));
        // then
        assertEquals(1, heard.all(StoreUnavailable.class).size());
        assertEquals(1, heard.all(StoreAvailable.class).size());
    }

    @Test
    void endsWhenItsNodeIsNoMemberAnyMore() {
        // given
        Node newer = Node.of("newer", new UUID(2, 2));
        real.join(JoinRequest.of(newer, Duration.ofSeconds(6), () -> {}).replacing(SomeJobs.NODE));
        // when
        run(Duration.ofMinutes(1));
        dispatcher.hearAnything();
        run(Duration.ofMinutes(1));
        // then
        assertEquals(1, witness.superseded.get());
        assertTrue(member.isOut());
        assertEquals(End.SUPERSEDED, heard.only(NodeEnded.class).end());
        assertEquals(1, store.calls(CLAIM));
        assertEquals(List.of(), heard.all(StoreUnavailable.class));
    }

    @Test
    void holdsNothingThatNobodyWillRun() {
        // given
        pending(2);
        deliveries.close();
        // when
        dispatcher.runOnce();
        // then
        assertEquals(0, held.size());
        dispatcher.compareNow();
        completion.runOnce();
        assertEquals(JobStatus.PENDING, info(JobId.of("job 0")).status());
    }
}
