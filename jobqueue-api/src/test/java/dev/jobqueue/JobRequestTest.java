package dev.jobqueue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JobRequestTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final JobRequest EMAIL = JobRequest.of("email", "hello");

    @Test
    void isDueAtOnceInTheDefaultQueueUnlessToldOtherwise() {
        assertEquals("email", EMAIL.type());
        assertArrayEquals("hello".getBytes(UTF_8), EMAIL.payload());
        assertEquals(5, EMAIL.payloadLength());
        assertEquals(Optional.empty(), EMAIL.id());
        assertEquals("default", EMAIL.queue());
        assertEquals(5, EMAIL.priority());
        assertEquals(NOW, EMAIL.runAt(NOW));
        assertEquals(Map.of(), EMAIL.attributes());
        assertEquals("job of type email with 5 bytes", EMAIL.toString());
    }

    @Test
    void carriesWhatItIsGiven() {
        JobRequest request = EMAIL.withId(JobId.of("order-4711"))
                .withQueue("slow")
                .withPriority(0)
                .withRunAt(NOW.plusSeconds(5))
                .withAttribute("trace", "1")
                .withAttribute("tenant", "2");

        assertEquals(Optional.of(JobId.of("order-4711")), request.id());
        assertEquals("slow", request.queue());
        assertEquals(0, request.priority());
        assertEquals(NOW.plusSeconds(5), request.runAt(NOW));
        assertEquals(
                List.of("trace", "tenant"), List.copyOf(request.attributes().keySet()));
    }

    @Test
    void leavesTheFirstAsItWas() {
        EMAIL.withId(JobId.of("order-4711"))
                .withQueue("slow")
                .withPriority(0)
                .withDelay(Duration.ofSeconds(5))
                .withAttribute("trace", "1");

        isDueAtOnceInTheDefaultQueueUnlessToldOtherwise();
        assertThrows(
                UnsupportedOperationException.class,
                () -> EMAIL.withAttribute("trace", "1").attributes().clear());
    }

    @Test
    void keepsItsPayloadToItself() {
        byte[] given = {1, 2};
        JobRequest request = JobRequest.of("email", given);

        given[0] = 9;
        request.payload()[1] = 9;

        assertArrayEquals(new byte[] {1, 2}, request.payload());
    }

    @Test
    void countsADelayFromItsSubmit() {
        JobRequest later = EMAIL.withDelay(Duration.ofSeconds(5));

        assertEquals(NOW.plusSeconds(5), later.runAt(NOW));
        assertEquals(NOW, later.withDelay(Duration.ZERO).runAt(NOW));
    }

    @Test
    void takesTheLatestOfDelayAndRunAt() {
        Instant runAt = NOW.plusSeconds(60);

        assertEquals(
                runAt, EMAIL.withDelay(Duration.ofSeconds(5)).withRunAt(runAt).runAt(NOW));
        assertEquals(
                NOW.plusSeconds(5),
                EMAIL.withRunAt(runAt).withDelay(Duration.ofSeconds(5)).runAt(NOW));
    }

    @Test
    void takesTheLongestDelayThereIs() {
        Duration longest = Duration.between(NOW, JobInfo.NEVER);

        assertEquals(JobInfo.NEVER, EMAIL.withDelay(longest).runAt(NOW));
    }

    @Test
    void sets64AttributesAndSetsThemAgain() {
        JobRequest full = EMAIL;
        for (int i = 0; i < 64; i++) {
            full = full.withAttribute("key" + i, "value");
        }
        JobRequest all = full.withAttribute("key0", "again");

        assertEquals(64, all.attributes().size());
        assertEquals("again", all.attributes().get("key0"));
        String message = refusal(() -> all.withAttribute("key64", "value"));
        assertEquals("a job has at most 64 attributes, but \"key64\" was one more", message);
    }

    static Stream<Arguments> badInputs() {
        Duration tooLong = Duration.between(NOW, JobInfo.NEVER).plusMillis(1);
        return Stream.of(
                bad(() -> JobRequest.of("", "text"), "type must be 1 to 200 characters, but was 0"),
                bad(() -> JobRequest.of("t".repeat(201), new byte[0]), "type must be 1 to 200 characters, but was 201"),
                bad(() -> JobRequest.of("a\nb", "text"), "type must have no control characters, but was \"a?b\""),
                bad(() -> JobRequest.of("email", "\uD83D"), "the text has an unpaired surrogate"),
                bad(() -> EMAIL.withQueue(""), "queue must be 1 to 200 characters, but was 0"),
                bad(() -> EMAIL.withPriority(-1), "priority must be 0 (first) to 9 (last), but was -1"),
                bad(() -> EMAIL.withPriority(10), "priority must be 0 (first) to 9 (last), but was 10"),
                bad(() -> EMAIL.withRunAt(Instant.EPOCH.minusMillis(1)), "run-at must be 1970-01-01T00:00:00Z to 9999"),
                bad(() -> EMAIL.withRunAt(Instant.MAX), "but was +1000000000-12-31"),
                bad(() -> EMAIL.withDelay(Duration.ofMillis(-1)), "delay must be zero or more, but was PT-0.001S"),
                bad(
                        () -> EMAIL.withDelay(tooLong).runAt(NOW),
                        "delay must lead to at most 9999-12-31T23:59:59.999Z, but was " + tooLong),
                bad(() -> EMAIL.withDelay(Duration.ofSeconds(Long.MAX_VALUE)).runAt(NOW), "delay must lead to at most"),
                bad(() -> EMAIL.withAttribute("", "v"), "attribute key must be 1 to 200 characters, but was 0"),
                bad(() -> EMAIL.withAttribute("k", "v".repeat(4_001)), "attribute \"k\" must be 0 to 4000 characters"),
                bad(() -> EMAIL.withAttribute("k", "\0"), "attribute \"k\" must have no NUL"),
                bad(() -> EMAIL.withAttribute("jobqueue.alone", "1"), "but was \"jobqueue.alone\""));
    }

    private static Arguments bad(Executable call, String part) {
        return Arguments.of(call, part);
    }

    @ParameterizedTest
    @MethodSource("badInputs")
    void namesABadValueAndItsLimit(Executable call, String part) {
        String message = refusal(call);

        assertTrue(message.contains(part), message);
    }

    static Stream<Executable> nulls() {
        return Stream.of(
                () -> JobRequest.of(null, "text"),
                () -> JobRequest.of("email", (String) null),
                () -> JobRequest.of("email", (byte[]) null),
                () -> EMAIL.withId(null),
                () -> EMAIL.withQueue(null),
                () -> EMAIL.withRunAt(null),
                () -> EMAIL.withDelay(null),
                () -> EMAIL.withAttribute(null, "value"),
                () -> EMAIL.withAttribute("key", null));
    }

    @ParameterizedTest
    @MethodSource("nulls")
    void refusesNull(Executable call) {
        assertThrows(NullPointerException.class, call);
    }

    @Test
    void makesTheJobThatIsStored() {
        JobId id = JobId.of("order-4711");
        JobRequest request = EMAIL.withQueue("slow")
                .withPriority(0)
                .withDelay(Duration.ofSeconds(5))
                .withAttribute("trace", "1");

        JobInfo expected = JobInfo.builder(id, "email", NOW)
                .queue("slow")
                .priority(0)
                .runAt(NOW.plusSeconds(5))
                .attributes(Map.of("trace", "1"))
                .build();
        assertEquals(Job.of(expected, "hello".getBytes(UTF_8)), request.toJob(id, NOW));
    }

    @Test
    void mayCarryAPayloadOfAnySizeSinceTheQueueHasTheLimit() {
        assertEquals(
                JobLimits.MEMO_BYTES * 32,
                JobRequest.of("email", new byte[JobLimits.MEMO_BYTES * 32]).payloadLength());
    }

    private static String refusal(Executable call) {
        return assertThrows(IllegalArgumentException.class, call).getMessage();
    }
}
