package dev.jobqueue.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobIdTest {
    @Test
    void ofANameIsAlwaysTheSame() {
        // the first half of the name's SHA-256, with the bits of version and variant set
        assertEquals(
                "173d0ddb-ff03-8193-bace-7ce60d3f58b4", JobId.of("order-4711").toString());
        assertEquals(JobId.of("order-4711"), JobId.of("order-4711"));
        assertNotEquals(JobId.of("order-4711"), JobId.of("order-4712"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0197a3c2-0000-7000-8000-0000000000ff", "0197A3C2-0000-7000-8000-0000000000FF"})
    void isNotMadeFromANameThatIsNoneOrAnIdsText(String name) {
        var refused = assertThrows(IllegalArgumentException.class, () -> JobId.of(name));

        assertTrue(refused.getMessage().contains("but was \"" + name + "\""), refused.getMessage());
    }

    @Test
    void isNotMadeFromANameThatOtherNamesCouldTurnInto() {
        assertThrows(IllegalArgumentException.class, () -> JobId.of("order-\uD83D"));
    }

    @Test
    void isNeitherAnotherIdNorAnotherThing() {
        assertNotEquals(JobId.of(new UUID(1, 2)), JobId.of(new UUID(1, 3)));
        assertNotEquals(JobId.of(new UUID(1, 2)), (Object) new UUID(1, 2));
    }

    @Test
    void readsItsOwnText() {
        JobId id = JobId.of(UUID.fromString("0197a3c2-0000-7000-8000-0000000000ff"));

        assertEquals(id, JobId.parse("0197a3c2-0000-7000-8000-0000000000ff"));
        assertEquals(id, JobId.parse("0197A3C2-0000-7000-8000-0000000000FF"));
        assertEquals("0197a3c2-0000-7000-8000-0000000000ff", id.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "order-4711",
                "1-2-3-4-5",
                "0197a3c2-0000-7000-8000-0000000000f",
                "0197a3c2-0000-7000-8000-0000000000fff",
                "0197a3c2-0000-7000-8000-0000000000fg",
                "0197a3c2-00000-7000-800-0000000000ff",
                "0197a3c2000070008000000000000000ffff"
            })
    void refusesTextThatIsNoId(String text) {
        var refused = assertThrows(IllegalArgumentException.class, () -> JobId.parse(text));

        assertTrue(refused.getMessage().contains("\"" + text + "\""), refused.getMessage());
    }
}
