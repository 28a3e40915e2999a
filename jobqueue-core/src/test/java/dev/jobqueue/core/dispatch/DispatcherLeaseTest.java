package dev.jobqueue.core.dispatch;

import static dev.jobqueue.core.given.UnreliableStore.Call.CLAIM;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.option.LeaseOptions;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The dispatcher of a node that could not renew its lease in time. */
class DispatcherLeaseTest extends Dispatching {
    @BeforeEach
    void lapsed() {
        shared = true;
        dispatch(2, 100, Set.of(SomeJobs.TYPE), "default");
        platform.advance(LeaseOptions.defaults().length());
    }

    @Test
    void claimsNothing() {
        // given
        pending(1);
        // when
        dispatcher.runOnce();
        // then
        assertEquals(0, store.calls(CLAIM));
    }

    /** There is room, and the poll is long due. */
    @Test
    void doesNotSpin() {
        assertEquals(COMPARE_EVERY, dispatcher.runOnce().next());
        platform.advance(POLL);
        assertEquals(COMPARE_EVERY, dispatcher.runOnce().next());
    }

    @Test
    void claimsAgainSoonAfterItHasRenewed() {
        // given
        pending(1);
        dispatcher.runOnce();
        // when
        member.runOnce();
        run(COMPARE_EVERY);
        // then
        assertEquals(1, held.size());
    }
}
