package dev.jobqueue.examples.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A client of the server under test. */
final class Client {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENCE = 30_000;

    private final int port;

    Client(int port) {
        this.port = port;
    }

    /** What came back. */
    record Answer(int status, JsonNode body, @Nullable String allow) {
        String error() {
            return body.path("error").asText();
        }
    }

    Answer get(String path) throws IOException {
        return send("GET", path, null, null);
    }

    Answer post(String json) throws IOException {
        return send("POST", "/jobs", "application/json", json);
    }

    String submit(String type, String payload) throws IOException {
        String body = JSON.createObjectNode()
                .put("type", type)
                .put("payload", payload)
                .toString();
        return post(body).body().path("id").asText();
    }

    Answer send(String method, String path, @Nullable String contentType, @Nullable String body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
        connection.setRequestMethod(method);
        connection.setConnectTimeout(PATIENCE);
        connection.setReadTimeout(PATIENCE);
        if (contentType != null) {
            connection.setRequestProperty("Content-Type", contentType);
        }
        if (body != null) {
            connection.setDoOutput(true);
            connection.getOutputStream().write(body.getBytes(UTF_8));
        }
        int status = connection.getResponseCode();
        try (InputStream content = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            JsonNode answer = content == null ? JSON.createObjectNode() : JSON.readTree(content);
            return new Answer(status, answer, connection.getHeaderField("Allow"));
        }
    }

    /** A connection on which a request has begun, whose body may be anything. */
    Socket begin(String header) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE);
        socket.getOutputStream()
                .write(("POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + header
                                + "\r\n\r\n")
                        .getBytes(UTF_8));
        return socket;
    }
}
