package dev.jobqueue.core.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ClaimAheadTest {
    private final ClaimAhead ahead = new ClaimAhead(10, 1_000);

    @Test
    void beginsWithOneForEachWorker() {
        assertEquals(10, ahead.jobs());
    }

    @Test
    void beginsWithLessWhereThereIsNoRoomForAsMany() {
        assertEquals(3, new ClaimAhead(10, 3).jobs());
    }

    @Test
    void doublesWhenTheWorkersRanOutOfJobsWhileItClaimed() {
        // given
        ahead.claimed(true, 0);
        assertEquals(10, ahead.jobs(), "the first one says nothing: there were none to run out of");
        // when
        ahead.claimed(true, 0);
        ahead.claimed(true, 0);
        // then
        assertEquals(40, ahead.jobs());
    }

    @Test
    void neverExceedsItsBound() {
        for (int i = 0; i < 100; i++) {
            ahead.claimed(true, 0);
        }
        assertEquals(1_000, ahead.jobs());
    }

    @Test
    void staysWhileThereIsLessToClaimThanItAsksFor() {
        // given
        ahead.claimed(true, 0);
        // when
        ahead.claimed(false, 0);
        ahead.claimed(true, 0);
        // then
        assertEquals(10, ahead.jobs());
    }

    @Test
    void staysWhileAboutAsManyAreTakenAsItIsMadeFor() {
        // given
        doubled(3);
        // when
        ahead.claimed(true, 1);
        ahead.claimed(true, 30);
        // then
        assertEquals(80, ahead.jobs());
    }

    @Test
    void halvesWhenMostStillWaitAfterTheClaim() {
        // given
        doubled(3);
        // when
        ahead.claimed(true, 31);
        // then
        assertEquals(40, ahead.jobs());
        for (int i = 0; i < 10; i++) {
            ahead.claimed(true, 40);
        }
        assertEquals(10, ahead.jobs());
    }

    private void doubled(int times) {
        for (int i = 0; i <= times; i++) {
            ahead.claimed(true, 0);
        }
    }
}
