package dev.jobqueue.examples.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Map;

/**
 * An answer.
 *
 * @param status of HTTP
 * @param body as JSON
 * @param headers beside the content type
 */
record Reply(int status, JsonNode body, Map<String, String> headers) {
    static Reply of(int status, JsonNode body) {
        return new Reply(status, body, Map.of());
    }

    /** An answer that gives the reason why there is no other. */
    static Reply refusal(int status, String reason) {
        return of(status, JsonNodeFactory.instance.objectNode().put("error", reason));
    }

    Reply with(String header, String value) {
        return new Reply(status, body, Map.of(header, value));
    }
}
