package dev.jobqueue.core.recovery;

import static dev.jobqueue.core.recovery.Recovering.TYPE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.event.JobRecovered;
import dev.jobqueue.event.RecoveryCompleted;
import dev.jobqueue.event.RecoveryProgress;
import dev.jobqueue.event.RecoveryReport;
import dev.jobqueue.event.RecoveryStarted;
import dev.jobqueue.event.TypeUnhandled;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecoveryTest {
    private final Recovering world = new Recovering();
    private final LeftBehind left = world.left;

    @Test
    void putsAnOrphanBackAndCountsTheCrash() {
        // given
        JobInfo orphan = left.orphan(TYPE);
        // when
        RecoveryReport report = world.recover();
        // then
        JobInfo now = left.now(orphan.id());
        assertEquals(JobStatus.PENDING, now.status());
        assertEquals(orphan.attempt(), now.attempt());
        assertEquals(orphan.crashes() + 1, now.crashes());
        assertEquals(Optional.empty(), now.owner());
        assertEquals(orphan.failures(), now.failures());
        assertEquals(1, report.found());
        assertEquals(1, report.recovered());
        assertEquals(0, report.failed());
    }

    @Test
    void keepsWhatAnOrphanIs() {
        // given
        JobInfo orphan = left.in(
                JobStatus.PROCESSING,
                left.next(TYPE).priority(2).attributes(Map.of("trace", "4711")).memo(new byte[] {1, 2}));
        // when
        world.recover();
        // then
        JobInfo expected = orphan.toBuilder()
                .status(JobStatus.PENDING)
                .owner(null)
                .crashes(1)
                .changedAt(world.platform.now())
                .build();
        assertEquals(expected, left.now(orphan.id()));
    }

    @Test
    void leavesPendingJobsUntouched() {
        // given
        JobInfo due = left.pending(TYPE);
        JobInfo delayed = left.delayed(TYPE);
        // when
        world.recover();
        // then
        assertEquals(due, left.now(due.id()));
        assertEquals(delayed, left.now(delayed.id()));
    }

    @Test
    void leavesFinalJobsUntouched() {
        // given
        List<JobInfo> done = List.of(left.completed(TYPE), left.failed(TYPE), left.cancelled(TYPE));
        // when
        RecoveryReport report = world.recover();
        // then
        assertEquals(done, done.stream().map(job -> left.now(job.id())).toList());
        assertEquals(0, report.found());
        assertEquals(0, report.pending());
    }

    @Test
    void recoversOrphansOfEveryTypeAndQueue() {
        // given
        List<JobInfo> orphans = List.of(
                left.orphan(TYPE),
                left.orphan("unknown"),
                left.in(JobStatus.PROCESSING, left.next(TYPE).queue("other")));
        // when
        RecoveryReport report = world.recover();
        // then
        assertEquals(3, report.recovered());
        for (JobInfo orphan : orphans) {
            assertEquals(JobStatus.PENDING, left.now(orphan.id()).status());
        }
    }

    @Test
    void deliversReferencesInTheOrderOfClaims() {
        // given
        JobInfo last = left.in(JobStatus.PENDING, left.next(TYPE).priority(9));
        JobInfo early = left.in(
                JobStatus.PENDING, left.next(TYPE).runAt(world.platform.now().minusSeconds(60)));
        JobInfo later = left.pending(TYPE);
        JobInfo first = left.in(JobStatus.PENDING, left.next(TYPE).priority(0));
        // when
        world.recover();
        // then
        assertEquals(List.of(first.id(), early.id(), later.id(), last.id()), references());
    }

    @Test
    void deliversRecoveredOrphansAmongTheOthers() {
        // given
        JobInfo orphan = left.in(JobStatus.PROCESSING, left.next(TYPE).priority(1));
        JobInfo other = left.pending(TYPE);
        // when
        world.recover();
        // then
        assertEquals(List.of(orphan.id(), other.id()), references());
    }

    @Test
    void deliversUpToTheCapacityAndDefersTheRest() {
        // given
        List<JobInfo> due = left.pending(TYPE, 5);
        left.delayed(TYPE);
        world.withCapacity(3);
        // when
        RecoveryReport report = world.recover();
        // then
        assertEquals(due.stream().limit(3).map(JobInfo::id).toList(), references());
        assertEquals(6, report.pending());
        assertEquals(3, report.delivered());
        assertEquals(3, report.deferred());
    }

    @Test
    void defersDelayedJobsAlthoughThereIsRoom() {
        // given
        left.delayed(TYPE);
        // when
        RecoveryReport report = world.recover();
        // then
        assertEquals(List.of(), references());
        assertEquals(1, report.pending());
        assertEquals(0, report.delivered());
        assertEquals(1, report.deferred());
    }

    @Test
    void deliversAJobThatIsDueAtThisVeryMillisecond() {
        // given
        JobInfo due = left.in(JobStatus.PENDING, left.next(TYPE).runAt(world.platform.now()));
        JobInfo later = left.in(
                JobStatus.PENDING, left.next(TYPE).runAt(world.platform.now().plusMillis(1)));
        // when
        world.recover();
        // then
        assertEquals(List.of(due.id()), references());
        assertEquals(JobStatus.PENDING, left.now(later.id()).status());
    }

    @Test
    void reportsTypesWithoutAHandlerAndLeavesTheirJobsPending() {
        // given
        JobInfo stranger = left.pending("unknown");
        left.pending("unknown");
        left.pending("strange");
        // when
        RecoveryReport report = world.recover();
        // then
        assertEquals(Map.of("unknown", 2L, "strange", 1L), report.unhandled());
        assertEquals(
                List.of(new TypeUnhandled("strange", 1), new TypeUnhandled("unknown", 2)),
                world.events(TypeUnhandled.class));
        assertEquals(0, report.pending());
        assertEquals(List.of(), references());
        assertEquals(stranger, left.now(stranger.id()));
    }

    @Test
    void countsNoJobsOfQueuesThatAreNotServed() {
        // given
        left.in(JobStatus.PENDING, left.next(TYPE).queue("other"));
        // when
        RecoveryReport report = world.recover();
        // then
        assertEquals(0, report.pending());
        assertEquals(Map.of(), report.unhandled());
        assertEquals(List.of(), references());
    }

    @Test
    void tellsWhatItDoesWhileItRuns() {
        // given
        world.with(options -> options.withPageSize(2));
        List<JobInfo> orphans = left.orphans(TYPE, 3);
        // when
        RecoveryReport report = world.recover();
        // then
        assertEquals(new RecoveryStarted(world.node, "memory"), world.events.get(0));
        assertEquals(
                orphans.stream()
                        .map(job -> new JobRecovered(job.id(), TYPE, 1, 1))
                        .toList(),
                world.events(JobRecovered.class));
        assertEquals(
                List.of(2L, 3L),
                world.events(RecoveryProgress.class).stream()
                        .map(RecoveryProgress::recovered)
                        .toList());
        assertEquals(new RecoveryCompleted(report), world.events.get(world.events.size() - 1));
    }

    @Test
    void isQuietAboutProgressWhereThereIsNothingToRecover() {
        // given
        left.pending(TYPE);
        // when
        world.recover();
        // then
        assertEquals(List.of(), world.events(RecoveryProgress.class));
    }

    @Test
    void findsAnEmptyStoreInOrder() {
        // when
        RecoveryReport report = world.recover();
        // then
        assertEquals(0, report.found() + report.recovered() + report.failed() + report.pending() + report.delivered());
        assertTrue(report.failures().isEmpty());
    }

    private List<JobId> references() {
        return world.references.close();
    }
}
