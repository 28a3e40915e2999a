package dev.jobqueue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;

/** Text as UTF-8, exactly: the JDK's shorter ways replace in silence what they can't translate. */
enum TextCodec implements Codec<String> {
    INSTANCE;

    @Override
    public byte[] encode(String text) {
        try {
            ByteBuffer encoded = UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the text has an unpaired surrogate, which UTF-8 can't hold", e);
        }
    }

    @Override
    public String decode(byte[] payload) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the payload of " + payload.length + " bytes is no UTF-8 text", e);
        }
    }
}
