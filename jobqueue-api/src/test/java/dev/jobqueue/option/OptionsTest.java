package dev.jobqueue.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OptionsTest {
    private static final RetryPolicy RETRY = RetryPolicy.defaults();
    private static final Backpressure WAITING = Backpressure.waiting();
    private static final RecoveryOptions RECOVERY = RecoveryOptions.defaults();
    private static final HandlerOptions HANDLER = HandlerOptions.defaults();

    @Test
    void backpressureDefersUnlessToldToWait() {
        assertFalse(RECOVERY.backpressure().waits());
        assertTrue(WAITING.waits());
        assertEquals(10, WAITING.tries());
    }

    @Test
    void backpressureWaits50MillisAtFirstThenHalfAsLongAgainUpTo5Seconds() {
        List<Long> delays = IntStream.rangeClosed(1, 10)
                .mapToObj(next -> WAITING.delayBefore(next).toMillis())
                .toList();

        assertEquals(List.of(50L, 75L, 113L, 169L, 253L, 380L, 570L, 854L, 1281L, 1922L), delays);
        assertEquals(Duration.ofMillis(4_325), WAITING.delayBefore(12));
        assertEquals(Duration.ofSeconds(5), WAITING.delayBefore(13));
        assertEquals(Duration.ofSeconds(5), WAITING.delayBefore(1_000));
        assertEquals(Duration.ofSeconds(5), WAITING.delayBefore(Integer.MAX_VALUE));
    }

    @Test
    void backpressureWaitsAsTold() {
        Backpressure told = WAITING.withFirstDelay(Duration.ofSeconds(1))
                .withFactor(10)
                .withMaxDelay(Duration.ofSeconds(30))
                .withTries(3);

        assertEquals(
                List.of(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(30)),
                List.of(told.delayBefore(1), told.delayBefore(2), told.delayBefore(3)));
        assertEquals(3, told.tries());
        assertTrue(told.waits());
    }

    @Test
    void retriesAfter1SecondThenTwiceAsLongUpTo10Minutes() {
        List<Long> seconds = IntStream.rangeClosed(1, 12)
                .mapToObj(failures -> RETRY.delayAfter(failures, 0).toSeconds())
                .toList();

        assertEquals(List.of(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 512L, 600L, 600L), seconds);
        assertEquals(Duration.ofMinutes(10), RETRY.delayAfter(Integer.MAX_VALUE, 0));
        assertEquals(5, RETRY.maxFailures());
    }

    @Test
    void retriesSoonerByChance() {
        assertEquals(Duration.ofMillis(900), RETRY.delayAfter(1, 0.5));
        assertEquals(Duration.ofMillis(800), RETRY.delayAfter(1, 0.999_999));
        assertEquals(Duration.ofSeconds(540), RETRY.delayAfter(12, 0.5));
        assertEquals(Duration.ofSeconds(1), RETRY.withJitter(0).delayAfter(1, 0.5));
        assertEquals(Duration.ofMillis(500), RETRY.withJitter(1).delayAfter(1, 0.5));
    }

    @Test
    void retriesAsTold() {
        RetryPolicy told = RETRY.withMaxFailures(3)
                .withFirstDelay(Duration.ofMillis(10))
                .withFactor(3)
                .withMaxDelay(Duration.ofMillis(50))
                .withJitter(0);

        assertEquals(3, told.maxFailures());
        assertEquals(
                List.of(10L, 30L, 50L),
                Stream.of(1, 2, 3)
                        .map(failures -> told.delayAfter(failures, 0).toMillis())
                        .toList());
        assertEquals(Duration.ofSeconds(1), RETRY.delayAfter(1, 0), "and leaves the first as it was");
    }

    @Test
    void recoversInPagesOf500For5Minutes() {
        assertEquals(500, RECOVERY.pageSize());
        assertEquals(Duration.ofMinutes(5), RECOVERY.timeout());
        assertEquals(3, RECOVERY.maxConvictions());
    }

    @Test
    void recoversAsTold() {
        RecoveryOptions told = RECOVERY.withPageSize(7)
                .withMaxConvictions(9)
                .withTimeout(Duration.ofSeconds(1))
                .withBackpressure(WAITING);

        assertEquals(7, told.pageSize());
        assertEquals(Duration.ofSeconds(1), told.timeout());
        assertTrue(told.backpressure().waits());
        assertEquals(500, RECOVERY.pageSize());
    }

    @Test
    void handlesOneTypeWithoutTimeoutByTheQueuesRetryPolicy() {
        assertEquals(Set.of(), HANDLER.aliases());
        assertEquals(Optional.empty(), HANDLER.timeout());
        assertEquals(RETRY, HANDLER.retry(RETRY));
    }

    @Test
    void handlesAsTold() {
        HandlerOptions told = HANDLER.withAliases("mail", "e-mail")
                .withAliases("mail", "post")
                .withTimeout(Duration.ofSeconds(1))
                .withRetry(retry -> retry.withMaxFailures(1));

        assertEquals(Set.of("mail", "e-mail", "post"), told.aliases());
        assertEquals(Optional.of(Duration.ofSeconds(1)), told.timeout());
        assertEquals(1, told.retry(RETRY).maxFailures());
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                bad(() -> RETRY.withMaxFailures(0), "retry.maxFailures must be 1 to 1000000, but was 0"),
                bad(() -> RETRY.withMaxFailures(1_000_001), "retry.maxFailures must be 1 to 1000000, but was 1000001"),
                bad(
                        () -> RETRY.withFirstDelay(Duration.ZERO),
                        "retry.firstDelay must be more than zero and at most 3650 days, but was PT0S"),
                bad(() -> RETRY.withFactor(0.99), "retry.factor must be 1.0 to 100.0, but was 0.99"),
                bad(() -> RETRY.withFactor(100.1), "retry.factor must be 1.0 to 100.0, but was 100.1"),
                bad(() -> RETRY.withFactor(Double.NaN), "retry.factor must be 1.0 to 100.0, but was NaN"),
                bad(
                        () -> RETRY.withMaxDelay(Duration.ofSeconds(-1)),
                        "retry.maxDelay must be more than zero and at most 3650 days, but was PT-1S"),
                bad(() -> RETRY.withJitter(-0.1), "retry.jitter must be 0.0 to 1.0, but was -0.1"),
                bad(() -> RETRY.withJitter(1.1), "retry.jitter must be 0.0 to 1.0, but was 1.1"),
                bad(
                        () -> WAITING.withFirstDelay(Duration.ZERO),
                        "backpressure.firstDelay must be more than zero and at most 3650 days, but was PT0S"),
                bad(() -> WAITING.withFactor(0), "backpressure.factor must be 1.0 to 100.0, but was 0.0"),
                bad(
                        () -> WAITING.withMaxDelay(Duration.ZERO),
                        "backpressure.maxDelay must be more than zero and at most 3650 days, but was PT0S"),
                bad(() -> WAITING.withTries(0), "backpressure.tries must be 1 to 1000, but was 0"),
                bad(() -> WAITING.withTries(1_001), "backpressure.tries must be 1 to 1000, but was 1001"),
                bad(() -> RECOVERY.withPageSize(0), "recovery.pageSize must be 1 to 10000, but was 0"),
                bad(() -> RECOVERY.withPageSize(10_001), "recovery.pageSize must be 1 to 10000, but was 10001"),
                bad(() -> RECOVERY.withMaxConvictions(0), "recovery.maxConvictions must be 1 to 1000000, but was 0"),
                bad(
                        () -> RECOVERY.withTimeout(Duration.ZERO),
                        "recovery.timeout must be more than zero and at most 3650 days, but was PT0S"),
                bad(
                        () -> HANDLER.withTimeout(Duration.ZERO),
                        "handler.timeout must be more than zero and at most 3650 days, but was PT0S"),
                bad(
                        () -> HANDLER.withTimeout(Duration.ofDays(3_650).plusNanos(1)),
                        "handler.timeout must be more than zero and at most 3650 days, but was PT87600H0.000000001S"),
                bad(() -> HANDLER.withAliases(""), "alias must be 1 to 200 characters, but was 0: \"\""));
    }

    private static Arguments bad(Executable call, String message) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void areRefusedOutOfTheirRange(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    static Stream<Executable> edges() {
        return Stream.of(
                () -> RETRY.withMaxFailures(1).withMaxFailures(1_000_000),
                () -> RETRY.withFactor(1).withFactor(100).withJitter(0).withJitter(1),
                () -> WAITING.withTries(1).withTries(1_000).withFactor(1).withFactor(100),
                () -> RECOVERY.withPageSize(1).withPageSize(10_000),
                () -> HANDLER.withTimeout(Duration.ofNanos(1)).withTimeout(Duration.ofDays(3_650)));
    }

    @ParameterizedTest
    @MethodSource("edges")
    void areTakenAtTheEndsOfTheirRange(Executable call) throws Throwable {
        call.execute();
    }
}
