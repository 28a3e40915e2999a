package dev.jobqueue.examples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jobqueue.Codec;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Values as JSON, by Jackson. Thread-safe.
 *
 * @param <T> the values
 */
final class JacksonCodec<T> implements Codec<T> {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Class<T> type;

    private JacksonCodec(Class<T> type) {
        this.type = type;
    }

    /** Of a class that Jackson can write and read, such as a record in a package that is open to it. */
    static <T> JacksonCodec<T> of(Class<T> type) {
        return new JacksonCodec<>(type);
    }

    @Override
    public byte[] encode(T value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON can be made of " + value, e);
        }
    }

    /** What is no such JSON, or has a field that the class lacks, is refused: its job is FAILED and kept. */
    @Override
    public T decode(byte[] payload) {
        try {
            return JSON.readValue(payload, type);
        } catch (IOException e) {
            throw new UncheckedIOException("the payload is no " + type.getSimpleName() + ": " + e.getMessage(), e);
        }
    }
}
