package dev.jobqueue.store;

import static dev.jobqueue.job.JobStatus.COMPLETED;
import static dev.jobqueue.job.JobStatus.FAILED;
import static dev.jobqueue.job.JobStatus.PENDING;
import static dev.jobqueue.job.JobStatus.PROCESSING;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.AnyJob;
import dev.jobqueue.job.IllegalTransitionException;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobLimits;
import dev.jobqueue.job.JobStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChangeTest {
    private static final Instant NOW = AnyJob.CREATED.plusSeconds(60);
    private static final JobInfo RUNNING = AnyJob.in(PROCESSING);
    private static final Change AMENDMENT = Change.amend(AnyJob.in(PENDING), NOW);

    static Stream<Executable> badValues() {
        return Stream.of(
                () -> Change.failAndRetry(RUNNING, NOW, Instant.MAX, "error"),
                () -> Change.snooze(RUNNING, NOW, Instant.EPOCH.minusMillis(1)),
                () -> Change.retry(AnyJob.in(FAILED), Instant.MAX),
                () -> Change.complete(RUNNING, Instant.MAX),
                () -> Change.amend(RUNNING, Instant.EPOCH.minusMillis(1)),
                () -> AMENDMENT.withRunAt(Instant.MAX),
                () -> AMENDMENT.withPriority(10),
                () -> AMENDMENT.withAttribute("", "value"),
                () -> AMENDMENT.withAttribute("key", "\0"),
                () -> AMENDMENT.withoutAttribute(""),
                () -> AMENDMENT.withMemo(new byte[JobLimits.MEMO_BYTES + 1]));
    }

    @ParameterizedTest
    @MethodSource("badValues")
    void refusesValuesBeyondTheLimits(Executable badValue) {
        assertThrows(IllegalArgumentException.class, badValue);
    }

    @Test
    void cutsAndCleansErrors() {
        String error = "\0" + "e".repeat(5_000);
        String kept = "\uFFFD" + "e".repeat(3_999);

        for (Change change : List.of(
                Change.fail(RUNNING, NOW, error),
                Change.failAndRetry(RUNNING, NOW, NOW, error),
                Change.quarantine(RUNNING, NOW, error))) {
            assertEquals(Optional.of(kept), change.error());
        }
    }

    @Test
    void cutsTimesToWholeMilliseconds() {
        JobInfo done = Change.complete(RUNNING, NOW.plusNanos(999_999))
                .applyTo(RUNNING)
                .orElseThrow();

        assertEquals(
                List.of(NOW, NOW), List.of(done.changedAt(), done.finishedAt().orElseThrow()));
    }

    @Test
    void keepsItsMemoToItself() {
        byte[] given = {1, 2};
        Change change = AMENDMENT.withMemo(given);

        given[0] = 9;
        change.memo().orElseThrow()[1] = 9;

        assertArrayEquals(new byte[] {1, 2}, change.memo().orElseThrow());
    }

    @Test
    void writesAnAmendmentOverOneMadeInBetween() {
        // given
        Change seenBefore = AMENDMENT.withAttribute("progress", "7");
        JobInfo meanwhile =
                AMENDMENT.withPriority(1).applyTo(AnyJob.in(PENDING)).orElseThrow();
        // when
        JobInfo both = seenBefore.applyTo(meanwhile).orElseThrow();
        // then
        assertEquals(1, both.priority());
        assertEquals("7", both.attributes().get("progress"));
    }

    @Test
    void saysWhatItIs() {
        JobInfo done = AnyJob.in(COMPLETED);

        assertEquals(
                "FAIL and RETRY of job " + RUNNING.id() + " from PROCESSING at attempt 3", //
                Change.failAndRetry(RUNNING, NOW, NOW, "error").toString());
        assertEquals(
                "REMOVE of job " + done.id() + " from COMPLETED at attempt 3",
                Change.remove(done).toString());
    }

    @Test
    void saysOfARunAtWhichJobsMayHaveOne() {
        var refused = assertThrows(
                IllegalTransitionException.class,
                () -> Change.amend(RUNNING, NOW).withRunAt(NOW));

        assertTrue(refused.getMessage().endsWith("needs PENDING"), refused.getMessage());
    }

    private static JobInfo suspect(JobStatus status, Map<String, String> attributes) {
        return AnyJob.builder(status).crashes(4).attributes(attributes).build();
    }

    @Test
    void clearsMarkAndConvictionsWheneverCrashesBecome0() {
        // given
        Map<String, String> attributes = Map.of("mine", "kept", JobInfo.ALONE, "7", JobInfo.CONVICTIONS, "2");
        JobInfo running = suspect(PROCESSING, attributes);
        JobInfo failed = suspect(FAILED, attributes);

        for (Change change : List.of(
                Change.complete(running, NOW),
                Change.fail(running, NOW, "error"),
                Change.failAndRetry(running, NOW, NOW, "error"),
                Change.snooze(running, NOW, NOW),
                Change.retry(failed, NOW))) {
            // when
            JobInfo after =
                    change.applyTo(change.from() == FAILED ? failed : running).orElseThrow();
            // then
            assertEquals(0, after.crashes());
            assertEquals(Map.of("mine", "kept"), after.attributes(), change.toString());
        }
    }

    @Test
    void writesNoAttributesOfAJobThatIsNoSuspect() {
        assertEquals(Map.of(), Change.complete(RUNNING, NOW).attributes());
        assertEquals(Map.of(), Change.recover(RUNNING, NOW).attributes());
    }

    @Test
    void leavesMarkAndConvictionsWhereCrashesStay() {
        // given
        JobInfo running = suspect(PROCESSING, Map.of(JobInfo.CONVICTIONS, "2"));
        // then
        assertEquals(
                2, Change.release(running, NOW).applyTo(running).orElseThrow().convictions());
    }

    @Test
    void countsAConvictionOfAJobThatWasAlone() {
        // given
        JobInfo seen = AnyJob.builder(PROCESSING).crashes(4).build();
        JobInfo alone = seen.toBuilder()
                .attributes(Map.of(JobInfo.ALONE, Integer.toString(seen.attempt()), JobInfo.CONVICTIONS, "1"))
                .build();
        // then
        assertEquals(2, Change.recover(alone, NOW).applyTo(alone).orElseThrow().convictions());
        assertEquals(
                2,
                Change.quarantine(alone, NOW, "why")
                        .applyTo(alone)
                        .orElseThrow()
                        .convictions());
        assertEquals(0, Change.recover(seen, NOW).applyTo(seen).orElseThrow().convictions());
    }
}
