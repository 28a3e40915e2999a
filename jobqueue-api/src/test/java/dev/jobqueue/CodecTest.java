package dev.jobqueue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {
    private static final Codec<String> TEXT = Codec.text();

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "\0", "caf\u00E9", "\uFEFFmarked", "\uD83D\uDCE7"})
    void textComesBackAsItWas(String text) {
        assertEquals(text, TEXT.decode(TEXT.encode(text)));
    }

    @Test
    void textIsUtf8() {
        assertArrayEquals(new byte[] {'a', (byte) 0xC3, (byte) 0xA9}, TEXT.encode("a\u00E9"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD83D", "a\uDCE7", "\uDCE7\uD83D"})
    void textRefusesWhatUtf8CannotHold(String text) {
        assertThrows(IllegalArgumentException.class, () -> TEXT.encode(text));
    }

    @Test
    void textRefusesBytesThatAreNoUtf8() {
        for (byte[] payload : new byte[][] {{(byte) 0xFF}, {(byte) 0xC3}, {(byte) 0xED, (byte) 0xA0, (byte) 0x80}}) {
            var refused = assertThrows(IllegalArgumentException.class, () -> TEXT.decode(payload));
            assertEquals("the payload of " + payload.length + " bytes is no UTF-8 text", refused.getMessage());
        }
    }

    @Test
    void aTypeTurnsItsValuesIntoRequests() {
        Codec<Integer> numbers = new Codec<>() {
            @Override
            public byte[] encode(Integer value) {
                return ByteBuffer.allocate(4).putInt(value).array();
            }

            @Override
            public Integer decode(byte[] payload) {
                return ByteBuffer.wrap(payload).getInt();
            }
        };
        JobType<Integer> type = JobType.of("number", numbers);

        JobRequest request = type.of(4711);

        assertEquals("number", request.type());
        assertEquals(4711, type.codec().decode(request.payload()));
        assertEquals("number", type.name());
        assertEquals("number", type.toString());
        assertSame(numbers, type.codec());
    }

    @Test
    void aTypeNeedsANameAndACodec() {
        assertThrows(IllegalArgumentException.class, () -> JobType.of("", TEXT));
        assertThrows(NullPointerException.class, () -> JobType.of("email", null));
    }
}
