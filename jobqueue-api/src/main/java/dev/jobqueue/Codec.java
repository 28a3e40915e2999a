package dev.jobqueue;

/**
 * Turns values of one kind into a payload and back. Thread-safe.
 *
 * @param <T> the values
 */
public interface Codec<T> {
    /**
     * The value as bytes.
     *
     * @throws RuntimeException if it can't be written; the submit that asked fails with it
     */
    byte[] encode(T value);

    /**
     * The value that these bytes are.
     *
     * @throws RuntimeException if it can't be read; the job is then FAILED with that reason, and kept
     */
    T decode(byte[] payload);

    /** Text as UTF-8. Refuses text with unpaired surrogates, and bytes that are no UTF-8. */
    static Codec<String> text() {
        return TextCodec.INSTANCE;
    }
}
