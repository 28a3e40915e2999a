package dev.jobqueue.core.dispatch;

import static dev.jobqueue.core.given.UnreliableStore.Call.CLAIM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.verify;

import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.core.given.Trouble;
import dev.jobqueue.core.membership.Membership.Joined;
import dev.jobqueue.store.End;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The dispatcher of a node that was ended, and joins anew. */
class DispatcherRejoinTest extends Dispatching {
    @BeforeEach
    void leased() {
        shared = true;
        dispatch(2, 100, Set.of(SomeJobs.TYPE), "default");
    }

    private void ended() {
        Joined before = member.joined().orElseThrow();
        before.session().close();
        member.ended(before, End.EXPIRED);
    }

    @Test
    void stopsWhatItHeldBeforeItIsBack() {
        // given: a job that runs, and two that wait
        pending(3);
        dispatcher.runOnce();
        HeldJob running = taken();
        // when
        ended();
        dispatcher.runOnce();
        // then
        assertEquals(List.of(running), held.all());
        verify(workers).cancel(running);
        assertEquals(POLL, dispatcher.runOnce().next());
        assertEquals(1, store.calls(CLAIM));
    }

    @Test
    void claimsAtOnceAsWhoItIsThen() {
        // given
        dispatcher.runOnce();
        pending(1);
        ended();
        member.runOnce();
        // when
        dispatcher.runOnce();
        // then
        assertEquals(Optional.of(member.node().text()), held.all().get(0).info().owner());
    }

    @Test
    void waitsForNoTryOfBefore() {
        // given
        pending(1);
        store.next(CLAIM, Trouble.refused());
        dispatcher.runOnce();
        ended();
        member.runOnce();
        // when
        dispatcher.runOnce();
        // then
        assertEquals(1, held.size());
    }

    /** What a lost answer claimed belongs to an incarnation that has ended: recovery finds it. */
    @Test
    void looksForNoLostClaimOfBefore() {
        // given
        pending(1);
        store.next(CLAIM, Trouble.answerLost());
        dispatcher.runOnce();
        assertTrue(dispatcher.claimUnknown());
        // when
        ended();
        member.runOnce();
        dispatcher.runOnce();
        // then
        assertFalse(dispatcher.claimUnknown());
    }
}
