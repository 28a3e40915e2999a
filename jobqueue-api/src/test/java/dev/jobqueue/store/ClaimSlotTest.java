package dev.jobqueue.store;

import static dev.jobqueue.job.JobStatus.PENDING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.AnyJob;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClaimSlotTest {
    private static final ClaimSlot SLOT = ClaimSlot.of("default", Set.of("email"), 5);
    private static final Instant NOW = AnyJob.CREATED;
    private static final JobInfo JOB = AnyJob.in(PENDING);

    @ParameterizedTest
    @EnumSource
    void takesPendingJobsAlone(JobStatus status) {
        assertEquals(status == PENDING, SLOT.takes(AnyJob.in(status), NOW));
    }

    @Test
    void takesWhatIsDue() {
        JobInfo later = AnyJob.builder(PENDING).runAt(NOW.plusMillis(1)).build();

        assertFalse(SLOT.takes(later, NOW));
        assertTrue(SLOT.waits(later));
        assertTrue(SLOT.takes(later, NOW.plusMillis(1)));
    }

    @Test
    void takesItsQueueAndTypesAlone() {
        assertFalse(ClaimSlot.of("slow", Set.of("email"), 5).waits(JOB));
        assertFalse(ClaimSlot.of("default", Set.of("report"), 5).waits(JOB));
        assertTrue(ClaimSlot.of("default", Set.of("report", "email"), 5).waits(JOB));
    }

    @Test
    void takesSuspectsAsAsked() {
        JobInfo suspect = AnyJob.builder(PENDING).crashes(2).build();

        assertTrue(SLOT.takes(suspect, NOW) && SLOT.takes(JOB, NOW));
        assertFalse(SLOT.withSuspects(Suspects.NONE).takes(suspect, NOW));
        assertTrue(SLOT.withSuspects(Suspects.NONE).takes(JOB, NOW));
        assertTrue(SLOT.withSuspects(Suspects.ONLY).takes(suspect, NOW));
        assertFalse(SLOT.withSuspects(Suspects.ONLY).takes(JOB, NOW));
    }

    @Test
    void refusesToAskForNothing() {
        assertThrows(IllegalArgumentException.class, () -> ClaimSlot.of("", Set.of("email"), 1));
        assertThrows(IllegalArgumentException.class, () -> ClaimSlot.of("default", Set.of(), 1));
        assertThrows(IllegalArgumentException.class, () -> ClaimSlot.of("default", Set.of("email"), 0));
        assertThrows(IllegalArgumentException.class, () -> ClaimRequest.of(NOW, 0, List.of(SLOT)));
        assertThrows(IllegalArgumentException.class, () -> ClaimRequest.of(NOW, 1, List.of()));
        assertThrows(IllegalArgumentException.class, () -> ClaimRequest.of(Instant.MAX, 1, List.of(SLOT)));
        assertThrows(
                IllegalArgumentException.class,
                () -> JobQuery.of(JobFilter.any()).withLimit(0));
        assertThrows(IllegalArgumentException.class, () -> JoinRequest.of(AnyJob.NODE, Duration.ZERO, () -> {}));
    }

    @Test
    void comparesOutcomesByWhatTheySay() {
        assertEquals(ApplyOutcome.stale(PENDING, 3), ApplyOutcome.stale(PENDING, 3));
        assertFalse(ApplyOutcome.stale(PENDING, 3).equals(ApplyOutcome.stale(PENDING, 4)));
        assertFalse(ApplyOutcome.stale(PENDING, 3).equals(ApplyOutcome.stale(JobStatus.FAILED, 3)));
        assertFalse(ApplyOutcome.applied().equals(ApplyOutcome.missing()));
        assertTrue(ApplyOutcome.applied().isApplied() && ApplyOutcome.missing().isMissing());
        assertEquals(
                "STALE: PENDING at attempt 3", ApplyOutcome.stale(PENDING, 3).toString());
        assertTrue(InsertOutcome.stored().isStored());
        assertFalse(InsertOutcome.sameId().isStored());
        assertFalse(InsertOutcome.sameId().equals(InsertOutcome.stored()));
    }
}
