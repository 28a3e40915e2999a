package dev.jobqueue.examples.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** The body of a request, which may be anything: of the wrong kind, too long, without an end, or no JSON. */
final class Body {
    /** In bytes. */
    static final int LIMIT = 1024 * 1024;

    /** So much of what is too long is still read, so that an honest client comes to hear of it. */
    private static final int STILL_READ = 8 * LIMIT;

    private static final ObjectReader JSON = new ObjectMapper()
            .reader()
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private Body() {}

    /** The JSON that was sent. */
    static JsonNode json(HttpExchange exchange) throws IOException, RefusedException {
        String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
        if (!type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("application/json")) {
            throw new RefusedException(415, "the content type must be application/json, but was " + type);
        }
        try {
            return JSON.readTree(bytes(exchange.getRequestBody()));
        } catch (JsonProcessingException e) {
            throw new RefusedException(400, "the body is no JSON: " + e.getOriginalMessage());
        }
    }

    private static byte[] bytes(InputStream body) throws IOException, RefusedException {
        byte[] bytes = body.readNBytes(LIMIT + 1);
        if (bytes.length > LIMIT) {
            byte[] dropped = new byte[64 * 1024];
            int read = bytes.length;
            for (int length = 0; length >= 0 && read < STILL_READ; length = body.read(dropped)) {
                read += length;
            }
            throw new RefusedException(413, "the body must be at most " + LIMIT + " bytes");
        }
        return bytes;
    }
}
