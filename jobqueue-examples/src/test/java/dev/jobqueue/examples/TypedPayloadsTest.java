package dev.jobqueue.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jobqueue.examples.TypedPayloads.Email;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TypedPayloadsTest {
    @Test
    void areReadByTheHandlerAndKeptWhenUnreadable() throws Throwable {
        assertEquals(
                List.of("to ada@example.org: Your engine is ready", "FAILED, and kept: \"not JSON\""),
                Printout.of(() -> TypedPayloads.main(new String[0])));
    }

    @Test
    void comeBackAsTheyWere() {
        JacksonCodec<Email> codec = JacksonCodec.of(Email.class);
        Email email = new Email("ada@example.org", "\"\u00e9\" \ud83d\ude80");
        assertEquals(email, codec.decode(codec.encode(email)));
    }

    @Test
    void areRefusedWithAFieldThatNobodyKnows() {
        byte[] payload = "{\"to\": \"ada\", \"subject\": \"\", \"cc\": \"\"}".getBytes(UTF_8);
        assertThrows(
                UncheckedIOException.class, () -> JacksonCodec.of(Email.class).decode(payload));
    }
}
