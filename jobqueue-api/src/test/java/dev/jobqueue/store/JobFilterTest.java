package dev.jobqueue.store;

import static dev.jobqueue.job.JobStatus.COMPLETED;
import static dev.jobqueue.job.JobStatus.FAILED;
import static dev.jobqueue.job.JobStatus.PENDING;
import static dev.jobqueue.job.JobStatus.PROCESSING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.AnyJob;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JobFilterTest {
    private static final JobFilter ANY = JobFilter.any();
    private static final JobInfo RUNNING = AnyJob.in(PROCESSING);

    @ParameterizedTest
    @EnumSource
    void matchesEveryJobUnlessAsked(JobStatus status) {
        assertTrue(ANY.matches(AnyJob.in(status)));
    }

    @Test
    void matchesByEachCondition() {
        assertTrue(ANY.withIds(Set.of(RUNNING.id(), JobId.of("other"))).matches(RUNNING));
        assertFalse(ANY.withIds(Set.of(JobId.of("other"))).matches(RUNNING));
        assertTrue(ANY.withStatuses(Set.of(PROCESSING, PENDING)).matches(RUNNING));
        assertFalse(ANY.withStatuses(Set.of(PENDING)).matches(RUNNING));
        assertTrue(ANY.withOwner(AnyJob.NODE.text()).matches(RUNNING));
        assertFalse(ANY.withOwner("other@1").matches(RUNNING));
        assertFalse(ANY.withOwner(AnyJob.NODE.text()).matches(AnyJob.in(PENDING)));
        assertTrue(ANY.withQueues(Set.of("default", "slow")).matches(RUNNING));
        assertFalse(ANY.withQueues(Set.of("slow")).matches(RUNNING));
        assertTrue(ANY.withTypes(Set.of("email")).matches(RUNNING));
        assertFalse(ANY.withTypes(Set.of("report")).matches(RUNNING));
    }

    @Test
    void matchesWhatIsDueByThen() {
        assertTrue(ANY.withDueBy(RUNNING.runAt()).matches(RUNNING));
        assertFalse(ANY.withDueBy(RUNNING.runAt().minusMillis(1)).matches(RUNNING));
    }

    @ParameterizedTest
    @EnumSource
    void takesOnlyProcessingJobsForPossibleOrphans(JobStatus status) {
        assertEquals(status == PROCESSING, ANY.orphans().matches(AnyJob.in(status)));
    }

    @Test
    void matchesOnlyWhatMeetsEveryCondition() {
        JobFilter all = ANY.withIds(Set.of(RUNNING.id()))
                .withStatuses(Set.of(PROCESSING))
                .withOwner(AnyJob.NODE.text())
                .orphans()
                .withQueues(Set.of("default"))
                .withTypes(Set.of("email"))
                .withDueBy(RUNNING.runAt());

        assertTrue(all.matches(RUNNING));
        assertFalse(all.withIds(Set.of(JobId.of("other"))).matches(RUNNING));
        assertFalse(all.withStatuses(Set.of(FAILED)).matches(RUNNING));
        assertFalse(all.withOwner("other").matches(RUNNING));
        assertFalse(all.withQueues(Set.of("slow")).matches(RUNNING));
        assertFalse(all.withTypes(Set.of("report")).matches(RUNNING));
        assertFalse(all.withDueBy(RUNNING.runAt().minusMillis(1)).matches(RUNNING));
    }

    @Test
    void saysWhatItAsksFor() {
        JobFilter filter = ANY.withStatuses(Set.of(FAILED)).withOwner("node@1").orphans();

        assertEquals(Set.of(FAILED), filter.statuses());
        assertEquals(Optional.of("node@1"), filter.owner());
        assertTrue(filter.orphaned());
        assertEquals(Set.of(), filter.ids());
        assertEquals(Set.of(), filter.queues());
        assertEquals(Set.of(), filter.types());
        assertEquals(Optional.empty(), filter.dueBy());
    }

    @Test
    void refusesAConditionThatNothingMeets() {
        assertThrows(IllegalArgumentException.class, () -> ANY.withIds(Set.of()));
        assertThrows(IllegalArgumentException.class, () -> ANY.withQueues(Set.of()));
        assertThrows(IllegalArgumentException.class, () -> ANY.withTypes(Set.of()));
        assertThrows(IllegalArgumentException.class, () -> ANY.withDueBy(Instant.MAX));
        assertThrows(NullPointerException.class, () -> ANY.withOwner(null));
        var refused = assertThrows(IllegalArgumentException.class, () -> ANY.withStatuses(Set.of()));
        assertEquals("a filter by statuses needs at least one, but had none", refused.getMessage());
    }

    @Test
    void copiesItsConditions() {
        EnumSet<JobStatus> given = EnumSet.of(COMPLETED);
        JobFilter filter = ANY.withStatuses(given);

        given.add(PROCESSING);

        assertFalse(filter.matches(RUNNING));
    }
}
