package dev.jobqueue.core.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.event.DutyFailed;
import dev.jobqueue.job.JobInfo;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerTest {
    /** Runs the worker's loop until it has taken all that was delivered. */
    private static void run(OneWorker one, HeldJob... jobs) {
        for (HeldJob job : jobs) {
            one.deliveries.offer(job);
        }
        one.platform.meanwhile(one.deliveries::close);
        one.worker.run();
    }

    @Test
    void runsOneJobAfterAnother() {
        // given
        List<String> ran = new ArrayList<>();
        OneWorker one = new OneWorker(job -> ran.add(job.text()));
        // when
        run(one, one.claimed("a"), one.claimed("b"));
        // then
        assertEquals(List.of("a", "b"), ran);
        assertEquals(0, one.workers.busy());
    }

    @Test
    void saysThatThereIsRoomWhenItTakesAJobAndWhenItHasDoneIt() {
        // given
        List<Integer> roomBefore = new ArrayList<>();
        List<OneWorker> self = new ArrayList<>();
        OneWorker one = new OneWorker(job -> roomBefore.add(self.get(0).room));
        self.add(one);
        // when
        run(one, one.claimed("a"));
        // then
        assertEquals(List.of(1), roomBefore);
        assertEquals(2, one.room);
    }

    @Test
    void outlivesWhateverItsRunnerThrows() {
        // given: a job that the store should not have claimed
        List<String> ran = new ArrayList<>();
        OneWorker one = new OneWorker(job -> ran.add(job.text()));
        HeldJob odd = new HeldJob(SomeJobs.pending("odd")
                .withInfo(JobInfo.builder(SomeJobs.pending("odd").id(), "other", one.platform.now())
                        .build()
                        .claimed(SomeJobs.NODE, one.platform.now())));
        // when
        run(one, odd, one.claimed("a"));
        // then
        assertEquals(List.of("a"), ran);
        assertEquals("worker", one.heard.only(DutyFailed.class).duty());
        assertEquals(0, one.workers.busy());
        assertTrue(odd.isEnded(), "nobody holds it for ever");
        assertEquals(2, one.completion.unsettled());
    }

    @Test
    void isAbandonedOnlyForTheJobThatItRuns() {
        // given
        OneWorker one = new OneWorker(job -> {});
        // then
        assertFalse(one.workers.abandon(one.claimed("a")));
        assertEquals(0, one.workers.stuck());
    }

    @Test
    void givesBackWhatNoHandlerHasBegun() {
        // given
        OneWorker one = new OneWorker(job -> {});
        HeldJob waiting = one.claimed("a");
        one.deliveries.offer(waiting);
        // when
        List<HeldJob> unstarted = one.workers.beginNoMore();
        one.workers.giveBack(unstarted);
        // then
        assertEquals(List.of(waiting), unstarted);
        assertTrue(waiting.isEnded());
        assertEquals(1, one.completion.unsettled());
    }
}
