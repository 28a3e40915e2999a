package dev.jobqueue.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobLimitsTest {
    /** U+1F4E7, which is two chars. */
    private static final String PAIR = "\uD83D\uDCE7";

    @Test
    void takesNamesOf1To200Characters() {
        assertEquals("n", JobLimits.checkName("type", "n"));
        assertEquals("n".repeat(200), JobLimits.checkName("type", "n".repeat(200)));
        assertEquals(PAIR.repeat(100), JobLimits.checkName("type", PAIR.repeat(100)));
    }

    @Test
    void refusesNamesOutsideThat() {
        assertEquals(
                "queue must be 1 to 200 characters, but was 0: \"\"", refusal(() -> JobLimits.checkName("queue", "")));
        assertEquals(
                "type must be 1 to 200 characters, but was 201: \"" + "n".repeat(40) + "...\"",
                refusal(() -> JobLimits.checkName("type", "n".repeat(201))));
        assertRefused("1 to 200", () -> JobLimits.checkName("type", PAIR.repeat(100) + "n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\0b", "\t", "a\u007F", "\u0085"})
    void refusesNamesWithControlCharacters(String name) {
        String message = refusal(() -> JobLimits.checkName("type", name));

        assertTrue(message.startsWith("type must have no control characters, but was \""), message);
        assertTrue(message.chars().noneMatch(Character::isISOControl), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD83D", "\uDCE7", "a\uD83Db", "\uDCE7\uD83D", "\uD83D\uD83D\uDCE7"})
    void refusesUnpairedSurrogatesInEveryText(String text) {
        for (String message : List.of(
                refusal(() -> JobLimits.checkName("type", text)),
                refusal(() -> JobLimits.checkAttributeKey(text)),
                refusal(() -> JobLimits.checkAttributeValue("key", text)))) {
            assertTrue(message.contains("must have no NUL and no unpaired surrogate, but was \""), message);
        }
    }

    @Test
    void takesAttributeKeysOf1To200Characters() {
        assertEquals("k\n", JobLimits.checkAttributeKey("k\n"));
        assertEquals("k".repeat(200), JobLimits.checkAttributeKey("k".repeat(200)));
        assertRefused("attribute key must be 1 to 200 characters, but was 0", () -> JobLimits.checkAttributeKey(""));
        assertRefused(
                "attribute key must be 1 to 200 characters, but was 201",
                () -> JobLimits.checkAttributeKey("k".repeat(201)));
        assertRefused("no NUL", () -> JobLimits.checkAttributeKey("k\0"));
    }

    @Test
    void takesAttributeValuesOfUpTo4000Characters() {
        assertEquals("", JobLimits.checkAttributeValue("key", ""));
        assertEquals("v".repeat(4_000), JobLimits.checkAttributeValue("key", "v".repeat(4_000)));
        assertRefused(
                "attribute \"key\" must be 0 to 4000 characters, but was 4001",
                () -> JobLimits.checkAttributeValue("key", "v".repeat(4_001)));
        assertRefused("attribute \"key\" must have no NUL", () -> JobLimits.checkAttributeValue("key", "\0"));
    }

    @Test
    void takesPriorities0To9() {
        assertEquals(0, JobLimits.checkPriority(0));
        assertEquals(9, JobLimits.checkPriority(9));
        assertEquals("priority must be 0 (first) to 9 (last), but was -1", refusal(() -> JobLimits.checkPriority(-1)));
        assertEquals("priority must be 0 (first) to 9 (last), but was 10", refusal(() -> JobLimits.checkPriority(10)));
    }

    @Test
    void takesRunAtsOfTheYears1970To9999() {
        Instant last = Instant.parse("9999-12-31T23:59:59.999Z");
        assertEquals(Instant.EPOCH, JobLimits.checkRunAt(Instant.EPOCH));
        assertEquals(last, JobLimits.checkRunAt(last));
        assertEquals(last, JobInfo.NEVER);
        assertRefused("but was 1969-12-31T23:59:59.999Z", () -> JobLimits.checkRunAt(Instant.EPOCH.minusMillis(1)));
        assertRefused(
                "run-at must be 1970-01-01T00:00:00Z to 9999-12-31T23:59:59.999Z, but was +10000-01-01T00:00:00Z",
                () -> JobLimits.checkRunAt(last.plusMillis(1)));
        assertRefused("run-at", () -> JobLimits.checkRunAt(last.plusNanos(1)));
    }

    @Test
    void cutsRunAtsToWholeMilliseconds() {
        assertEquals(Instant.ofEpochMilli(7), JobLimits.checkRunAt(Instant.ofEpochSecond(0, 7_999_999)));
    }

    @Test
    void takesMemosOfUpTo64KiB() {
        byte[] largest = new byte[65_536];
        assertSame(largest, JobLimits.checkMemo(largest));
        assertEquals(
                "memo must be at most 65536 bytes, but was 65537",
                refusal(() -> JobLimits.checkMemo(new byte[65_537])));
    }

    @Test
    void cutsErrorsTo4000CharactersAndNeverThroughAPair() {
        assertEquals("e".repeat(4_000), JobLimits.storableError("e".repeat(4_000)));
        assertEquals("e".repeat(4_000), JobLimits.storableError("e".repeat(4_001)));
        assertEquals("e".repeat(3_999), JobLimits.storableError("e".repeat(3_999) + PAIR));
        assertEquals("e".repeat(3_998) + PAIR, JobLimits.storableError("e".repeat(3_998) + PAIR + "e"));
    }

    @Test
    void replacesInErrorsWhatAStoreCannotHold() {
        assertEquals("a\uFFFDb\uFFFD" + PAIR + "\uFFFD\n", JobLimits.storableError("a\0b\uDCE7" + PAIR + "\uD83D\n"));
        assertEquals("", JobLimits.storableError(""));
    }

    private static void assertRefused(String part, Executable check) {
        String message = refusal(check);
        assertTrue(message.contains(part), message);
    }

    private static String refusal(Executable check) {
        return assertThrows(IllegalArgumentException.class, check).getMessage();
    }
}
