package dev.jobqueue.job;

import static dev.jobqueue.job.JobStatus.COMPLETED;
import static dev.jobqueue.job.JobStatus.PENDING;
import static dev.jobqueue.job.JobStatus.PROCESSING;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class JobInfoTest {
    private static final Instant CREATED = AnyJob.CREATED;
    private static final JobId ID = JobId.of("order-4711");

    @Test
    void isPendingAndDueWhenCreatedUnlessToldOtherwise() {
        JobInfo job = JobInfo.builder(ID, "email", CREATED.plusNanos(999_999)).build();

        assertEquals(ID, job.id());
        assertEquals("email", job.type());
        assertEquals("default", job.queue());
        assertEquals(5, job.priority());
        assertEquals(PENDING, job.status());
        assertEquals(List.of(0, 0, 0), List.of(job.attempt(), job.failures(), job.crashes()));
        assertEquals(List.of(CREATED, CREATED, CREATED), List.of(job.createdAt(), job.runAt(), job.changedAt()));
        assertEquals(Optional.empty(), job.owner());
        assertEquals(Optional.empty(), job.finishedAt());
        assertEquals(Optional.empty(), job.error());
        assertEquals(Optional.empty(), job.hint());
        assertEquals(Optional.empty(), job.memo());
        assertEquals(Map.of(), job.attributes());
    }

    @ParameterizedTest
    @EnumSource
    void hasAnOwnerExactlyWhileProcessing(JobStatus status) {
        JobInfo.Builder job = AnyJob.builder(status).owner(status == PROCESSING ? null : "node@1");

        var refused = assertThrows(IllegalArgumentException.class, job::build);

        assertTrue(refused.getMessage().startsWith("a job has an owner exactly while it is PROCESSING, but " + ID));
    }

    @ParameterizedTest
    @EnumSource
    void hasAFinishTimeExactlyWhenFinal(JobStatus status) {
        JobInfo.Builder job = AnyJob.builder(status).finishedAt(status.isFinal() ? null : CREATED);

        var refused = assertThrows(IllegalArgumentException.class, job::build);

        assertTrue(refused.getMessage().startsWith("a job has a finish time exactly when it is final, but " + ID));
    }

    @Test
    void dropsItsOwnerWhenItLeavesProcessing() {
        assertEquals(
                Optional.empty(),
                AnyJob.in(PROCESSING).toBuilder().status(PENDING).build().owner());
    }

    @Test
    void isASuspectFromItsSecondCrashInARow() {
        assertFalse(AnyJob.builder(PENDING).crashes(1).build().suspect());
        assertTrue(AnyJob.builder(PENDING).crashes(2).build().suspect());
    }

    @Test
    void isAloneByTheMarkOfItsOwnAttempt() {
        JobInfo.Builder job = AnyJob.builder(PENDING).attempt(7);
        assertFalse(job.build().alone());
        assertTrue(job.attributes(Map.of(JobInfo.ALONE, "7")).build().alone());
        assertFalse(job.attributes(Map.of(JobInfo.ALONE, "6")).build().alone());
    }

    @Test
    void hasNoConvictionsWhereTheirNumberCannotBeRead() {
        JobInfo.Builder job = AnyJob.builder(PENDING);
        assertEquals(0, job.build().convictions());
        assertEquals(2, job.attributes(Map.of(JobInfo.CONVICTIONS, "2")).build().convictions());
        assertEquals(
                0, job.attributes(Map.of(JobInfo.CONVICTIONS, "two")).build().convictions());
        assertEquals(
                0, job.attributes(Map.of(JobInfo.CONVICTIONS, "-2")).build().convictions());
    }

    @Test
    void cutsTimesToWholeMilliseconds() {
        Instant odd = CREATED.plusNanos(1_999_999);
        Instant even = CREATED.plusMillis(1);

        JobInfo job = AnyJob.builder(COMPLETED)
                .runAt(odd)
                .changedAt(odd)
                .finishedAt(odd)
                .build();

        assertEquals(
                List.of(even, even, even),
                List.of(job.runAt(), job.changedAt(), job.finishedAt().orElseThrow()));
    }

    @Test
    void keepsItsMemoToItself() {
        byte[] given = {1, 2};
        JobInfo job = AnyJob.builder(PENDING).memo(given).build();

        given[0] = 9;
        job.memo().orElseThrow()[1] = 9;

        assertArrayEquals(new byte[] {1, 2}, job.memo().orElseThrow());
    }

    @Test
    void keepsItsAttributesToItselfAndInOrder() {
        Map<String, String> given = new LinkedHashMap<>();
        given.put("z", "1");
        given.put("a", "2");
        JobInfo job = AnyJob.builder(PENDING).attributes(given).build();

        given.put("b", "3");

        assertEquals(List.of("z", "a"), List.copyOf(job.attributes().keySet()));
        assertThrows(UnsupportedOperationException.class, () -> job.attributes().put("b", "3"));
    }

    @Test
    void cleansErrorsThatAStoreCouldNotHold() {
        assertEquals(
                Optional.of("\uFFFD"),
                AnyJob.builder(PENDING).error("\0").build().error());
    }

    static Stream<Executable> badValues() {
        return Stream.of(
                () -> JobInfo.builder(ID, "", CREATED),
                () -> AnyJob.builder(PENDING).queue("\n"),
                () -> AnyJob.builder(PENDING).priority(10),
                () -> AnyJob.builder(PENDING).runAt(Instant.MAX),
                () -> JobInfo.builder(ID, "email", Instant.MAX),
                () -> AnyJob.builder(PENDING).changedAt(Instant.EPOCH.minusMillis(1)),
                () -> AnyJob.builder(COMPLETED).finishedAt(Instant.MAX),
                () -> AnyJob.builder(PENDING).attempt(-1),
                () -> AnyJob.builder(PENDING).failures(-1),
                () -> AnyJob.builder(PENDING).crashes(-1),
                () -> AnyJob.builder(PENDING).attributes(Map.of("", "value")),
                () -> AnyJob.builder(PENDING).attributes(Map.of("key", "\0")),
                () -> AnyJob.builder(PENDING).memo(new byte[JobLimits.MEMO_BYTES + 1]));
    }

    @ParameterizedTest
    @MethodSource("badValues")
    void refusesValuesBeyondTheLimits(Executable badValue) {
        assertThrows(IllegalArgumentException.class, badValue);
    }

    static Stream<UnaryOperator<JobInfo.Builder>> differences() {
        return Stream.of(
                job -> job.queue("other"),
                job -> job.priority(9),
                job -> job.runAt(CREATED.plusSeconds(1)),
                job -> job.owner("other@1"),
                job -> job.status(PENDING),
                job -> job.attempt(4),
                job -> job.failures(1),
                job -> job.crashes(1),
                job -> job.changedAt(CREATED.plusSeconds(1)),
                job -> job.error("error"),
                job -> job.attributes(Map.of("key", "value")),
                job -> job.memo(new byte[] {1}));
    }

    @ParameterizedTest
    @MethodSource("differences")
    void differsFromAJobThatDiffersInOneValue(UnaryOperator<JobInfo.Builder> difference) {
        JobInfo job = AnyJob.in(PROCESSING);

        assertNotEquals(job, difference.apply(job.toBuilder()).build());
    }

    @Test
    void differsFromAJobOfAnotherIdTypeOrTime() {
        JobInfo job = JobInfo.builder(ID, "email", CREATED).build();
        JobInfo.Builder later =
                JobInfo.builder(ID, "email", CREATED.plusMillis(1)).runAt(CREATED);
        JobInfo done = AnyJob.in(COMPLETED);

        assertNotEquals(
                job, JobInfo.builder(JobId.of("other"), "email", CREATED).build());
        assertNotEquals(job, JobInfo.builder(ID, "other", CREATED).build());
        assertNotEquals(job, later.changedAt(CREATED).build());
        assertNotEquals(done, done.toBuilder().finishedAt(CREATED).build());
        assertNotEquals(job, (Object) ID);
    }

    @Test
    void equalsItsRebuiltSelfWhateverTheHint() {
        JobInfo job = AnyJob.in(PROCESSING);
        JobInfo elsewhere = job.toBuilder().hint("row 7").build();

        assertEquals(job, elsewhere);
        assertEquals(job.hashCode(), elsewhere.hashCode());
        assertEquals(Optional.of("row 7"), elsewhere.toBuilder().build().hint());
    }

    @Test
    void aJobIsItsInfoAndItsPayload() {
        JobInfo info = AnyJob.in(PENDING);
        byte[] payload = {1};
        Job job = Job.of(info, payload);

        assertEquals(Job.of(info, new byte[] {1}), job);
        assertEquals(Job.of(info, new byte[] {1}).hashCode(), job.hashCode());
        assertNotEquals(Job.of(info, new byte[] {2}), job);
        assertNotEquals(Job.of(AnyJob.in(PROCESSING), payload), job);
        assertEquals(Job.of(AnyJob.in(PROCESSING), payload), job.withInfo(AnyJob.in(PROCESSING)));
        assertEquals(info.id(), job.id());
        assertEquals(info + " with 1 bytes", job.toString());
    }

    @Test
    void aNodeIsItsNameAndIncarnation() {
        UUID incarnation = new UUID(1, 2);
        Node node = Node.of("shop", incarnation);

        assertEquals("shop@00000000-0000-0001-0000-000000000002", node.text());
        assertEquals(node, Node.of("shop", new UUID(1, 2)));
        assertNotEquals(node, Node.of("shop", new UUID(1, 3)));
        assertNotEquals(node, Node.of("shop2", incarnation));
        assertThrows(IllegalArgumentException.class, () -> Node.of("", incarnation));
    }
}
