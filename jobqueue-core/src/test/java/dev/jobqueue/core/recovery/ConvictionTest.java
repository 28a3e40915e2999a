package dev.jobqueue.core.recovery;

import static dev.jobqueue.core.recovery.Recovering.TYPE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.jobqueue.core.given.Trouble;
import dev.jobqueue.core.given.UnreliableStore;
import dev.jobqueue.event.JobQuarantined;
import dev.jobqueue.event.JobRecovered;
import dev.jobqueue.event.RecoveryReport;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.option.LeaseOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What recovery makes of the mark that a suspect ran alone. */
class ConvictionTest {
    private static final String ALONE = "jobqueue.alone";
    private static final String CONVICTIONS = "jobqueue.convictions";

    private final Recovering world = new Recovering();
    private final LeftBehind left = world.left;

    /** An orphan at attempt 1, with these attributes. */
    private JobInfo orphan(Map<String, String> attributes) {
        return left.in(JobStatus.PROCESSING, left.next(TYPE).attributes(attributes));
    }

    @Test
    void convictsAnOrphanThatRanAlone() {
        // given
        JobInfo orphan = orphan(Map.of(ALONE, "1"));
        // when
        RecoveryReport report = world.recover();
        // then
        JobInfo now = left.now(orphan.id());
        assertEquals(JobStatus.PENDING, now.status());
        assertEquals(1, now.crashes());
        assertEquals(1, now.convictions());
        assertEquals(1, report.recovered());
        assertEquals(0, report.quarantined());
    }

    @Test
    void convictsNobodyOfACrashInCompany() {
        // given
        JobInfo orphan = orphan(Map.of(CONVICTIONS, "2"));
        // when
        world.recover();
        // then
        JobInfo now = left.now(orphan.id());
        assertEquals(JobStatus.PENDING, now.status());
        assertEquals(1, now.crashes());
        assertEquals(2, now.convictions());
    }

    /** It ran alone once, was released by a stop, and crashed in company. */
    @Test
    void convictsNobodyByTheMarkOfAnotherAttempt() {
        // given
        JobInfo orphan = orphan(Map.of(ALONE, "0", CONVICTIONS, "2"));
        // when
        world.recover();
        // then
        assertEquals(JobStatus.PENDING, left.now(orphan.id()).status());
        assertEquals(2, left.now(orphan.id()).convictions());
    }

    @Test
    void quarantinesAtTheThirdConviction() {
        // given
        JobInfo orphan = orphan(Map.of(ALONE, "1", CONVICTIONS, "2"));
        // when
        RecoveryReport report = world.recover();
        // then
        JobInfo now = left.now(orphan.id());
        assertEquals(JobStatus.FAILED, now.status());
        assertEquals(0, now.failures());
        assertEquals(3, now.convictions());
        assertEquals(
                Optional.of(
                        "quarantined: its process ended 1 times in a row while it ran, 3 of them while it ran alone"),
                now.error());
        assertEquals(
                List.of(1L, 0L, 1L, 0L),
                List.of(report.found(), report.recovered(), report.quarantined(), report.failed()));
        assertEquals(List.of(new JobQuarantined(orphan.id(), TYPE, 1, 1, 3)), world.events(JobQuarantined.class));
        assertEquals(List.of(), world.events(JobRecovered.class));
    }

    @Test
    void quarantinesAtAsManyConvictionsAsChosen() {
        // given
        world.with(options -> options.withMaxConvictions(1));
        JobInfo orphan = orphan(Map.of(ALONE, "1"));
        JobInfo other = orphan(Map.of());
        // when
        world.recover();
        // then
        assertEquals(JobStatus.FAILED, left.now(orphan.id()).status());
        assertEquals(JobStatus.PENDING, left.now(other.id()).status());
    }

    @Test
    void quarantinesWhatAnotherNodeLeavesWhileThisOneRuns() {
        // given
        UnreliableStore store = new UnreliableStore(world.store);
        JobInfo orphan = orphan(Map.of(ALONE, "1", CONVICTIONS, "2"));
        store.next(
                UnreliableStore.Call.APPLY,
                Trouble.thrown(() -> new IllegalArgumentException("not yet")),
                Trouble.thrown(() -> new IllegalArgumentException("not yet")));
        assertEquals(1, world.recover(store).failed());
        Rescue rescue = new Rescue(
                world.platform, world.reporter(), store, world.options, LeaseOptions.defaults(), true, () -> {});
        // when
        rescue.runOnce();
        // then
        assertEquals(JobStatus.FAILED, left.now(orphan.id()).status());
        assertEquals(1, world.events(JobQuarantined.class).size());
    }

    /** Whoever schedules, pauses and cleans up must not end in quarantine, whatever else ends the process. */
    @Test
    void neverQuarantinesTheQueuesOwnJobs() {
        // given
        JobInfo own = left.in(
                JobStatus.PROCESSING,
                left.next(TYPE).queue("jobqueue.schedules").attributes(Map.of(ALONE, "1", CONVICTIONS, "99")));
        // when
        world.recover();
        // then
        assertEquals(JobStatus.PENDING, left.now(own.id()).status());
        assertEquals(100, left.now(own.id()).convictions());
    }

    @Test
    void countsAQuarantineWhoseAnswerWasLost() {
        // given
        UnreliableStore store = new UnreliableStore(world.store);
        JobInfo orphan = orphan(Map.of(ALONE, "1", CONVICTIONS, "2"));
        store.next(UnreliableStore.Call.APPLY, Trouble.answerLost());
        // when
        RecoveryReport report = world.recover(store);
        // then
        assertEquals(1, report.quarantined());
        assertEquals(0, report.failed());
        assertEquals(3, left.now(orphan.id()).convictions());
    }

    @Test
    void startsWithoutAMarkAtTheNextAttempt() {
        // given
        JobInfo orphan = orphan(Map.of(ALONE, "1"));
        // when
        world.recover();
        // then
        assertFalse(
                left.now(orphan.id()).claimed(world.node, world.platform.now()).alone());
    }
}
