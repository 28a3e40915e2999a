package dev.jobqueue.core.recovery;

import static dev.jobqueue.core.recovery.Recovering.TYPE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.RecoveryException;
import dev.jobqueue.core.delivery.DeliveryQueue;
import dev.jobqueue.event.RecoveryReport;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.option.Backpressure;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The way of the original: a full delivery queue is tried again for a while, then startup fails. */
class WaitingForRoomTest {
    private final Recovering world =
            new Recovering().withCapacity(2).with(options -> options.withBackpressure(Backpressure.waiting()));
    private final LeftBehind left = world.left;

    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    private static List<Duration> millis(long... values) {
        return Arrays.stream(values).mapToObj(Duration::ofMillis).toList();
    }

    @Test
    void triesTenTimesEachHalfAsLongAgainThenFails() {
        // given
        left.pending(TYPE, 3);
        // when
        RecoveryException thrown = assertThrows(RecoveryException.class, () -> world.recover());
        // then
        assertEquals(millis(50, 75, 113, 169, 253, 380, 570, 854, 1_281, 1_922), world.platform.waits());
        assertEquals(
                "recovery gave up after 0 of 0 orphans found so far: the delivery queue of 2 jobs stayed full for 10 tries;"
                        + " raise deliveryCapacity, or use Backpressure.deferring()",
                thrown.getMessage());
        assertEquals(2, thrown.report().delivered());
    }

    @Test
    void waitsNoLongerThanFiveSecondsForOneTry() {
        // given
        world.with(options -> options.withBackpressure(Backpressure.waiting().withTries(14)));
        left.pending(TYPE, 3);
        // when
        assertThrows(RecoveryException.class, () -> world.recover());
        // then
        assertEquals(millis(2_883, 4_325, 5_000, 5_000), world.platform.waits().subList(10, 14));
    }

    @Test
    void doesNotWaitWhereAllFits() {
        // given
        left.pending(TYPE, 2);
        // when
        RecoveryReport report = world.recover();
        // then
        assertEquals(2, report.delivered());
        assertEquals(List.of(), world.platform.waits());
    }

    @Test
    void goesOnAsSoonAsThereIsRoom() {
        // given: somebody takes what is there while recovery waits for the third time
        List<JobInfo> due = left.pending(TYPE, 3);
        DeliveryQueue<JobId> queue = world.references;
        world.platform.meanwhile(() -> {});
        world.platform.meanwhile(() -> {});
        world.platform.meanwhile(queue::take);
        // when
        RecoveryReport report = world.recover();
        // then
        assertEquals(3, report.delivered());
        assertEquals(0, report.deferred());
        assertEquals(millis(50, 75, 113), world.platform.waits());
        assertEquals(due.stream().skip(1).map(JobInfo::id).toList(), queue.close());
    }

    @Test
    void countsTheTriesOfEachJobForItself() {
        // given
        left.pending(TYPE, 4);
        world.platform.meanwhile(world.references::take);
        world.platform.meanwhile(world.references::take);
        // when
        RecoveryReport report = world.recover();
        // then
        assertEquals(4, report.delivered());
        assertEquals(millis(50, 50), world.platform.waits());
    }

    @Test
    void stopsWaitingWhenInterrupted() {
        // given
        left.pending(TYPE, 3);
        world.platform.meanwhile(() -> Thread.currentThread().interrupt());
        // when
        RecoveryException thrown = assertThrows(RecoveryException.class, () -> world.recover());
        // then
        assertTrue(Thread.interrupted());
        assertEquals(
                "recovery gave up after 0 of 0 orphans found so far: its thread was interrupted", thrown.getMessage());
    }

    @Test
    void stopsWaitingWhenTheTimeIsOver() {
        // given
        world.with(options -> options.withTimeout(Duration.ofMillis(300)));
        left.pending(TYPE, 3);
        // when
        RecoveryException thrown = assertThrows(RecoveryException.class, () -> world.recover());
        // then
        assertEquals(
                "recovery gave up after 0 of 0 orphans found so far: recovery.timeout is over", thrown.getMessage());
    }

    @Test
    void losesNothingWhenItFails() {
        // given
        left.orphan(TYPE);
        left.pending(TYPE, 3);
        // when
        assertThrows(RecoveryException.class, () -> world.recover());
        // then
        assertTrue(LeftBehind.all(world.store).stream().allMatch(job -> job.status() == JobStatus.PENDING));
    }
}
