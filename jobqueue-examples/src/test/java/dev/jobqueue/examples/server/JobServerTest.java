package dev.jobqueue.examples.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jobqueue.examples.server.Client.Answer;
import dev.jobqueue.job.JobId;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.jdbc.SqliteJobStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobServerTest {
    private static final Map<String, String> ANY_PORT = Map.of("PORT", "0", "WORKER_COUNT", "2");

    @TempDir
    Path dir;

    private Path file;
    private JobServer server;
    private Client client;

    @BeforeEach
    void start() throws IOException {
        file = dir.resolve("jobs.db");
        server = JobServer.start(ANY_PORT, file);
        client = new Client(server.port());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void acceptsAJobAndRunsIt() throws IOException {
        // when
        Answer accepted = client.post("{\"type\": \"wait\", \"payload\": 1}");
        // then
        assertEquals(202, accepted.status());
        JsonNode done = untilFinal(accepted.body().path("id").asText());
        assertEquals("COMPLETED", done.path("status").asText());
        assertEquals("wait", done.path("type").asText());
        assertEquals("1", done.path("payload").asText());
        assertEquals(1, done.path("attempt").asInt());
    }

    @Test
    void keepsTextAsItIs() throws IOException {
        String id = client.submit("fail", "\u00e9 \ud83d\ude80 \"\\ \u0000");
        assertEquals(
                "\u00e9 \ud83d\ude80 \"\\ \u0000",
                client.get("/jobs/" + id).body().path("payload").asText());
    }

    @Test
    void listsJobsByStatus() throws IOException {
        // given
        String done = client.submit("wait", "1");
        untilFinal(done);
        client.submit("fail", "once");
        // when
        Answer completed = client.get("/jobs?status=COMPLETED");
        // then
        assertEquals(200, completed.status());
        assertEquals(List.of(done), ids(completed));
        assertEquals(2, ids(client.get("/jobs")).size());
        assertEquals(List.of(), ids(client.get("/jobs?status=CANCELLED")));
    }

    @Test
    void listsPageByPage() throws IOException {
        // given
        for (int i = 0; i < 101; i++) {
            client.submit("wait", "1");
        }
        // when
        Answer first = client.get("/jobs");
        Answer second = client.get(
                "/jobs?after=" + URLEncoder.encode(first.body().path("next").asText(), UTF_8));
        // then
        assertEquals(100, ids(first).size());
        assertEquals(1, ids(second).size());
        assertTrue(second.body().path("next").isMissingNode());
    }

    @Test
    void saysHowItIs() throws IOException {
        Answer health = client.get("/health");
        assertEquals(200, health.status());
        assertEquals("UP", health.body().path("status").asText());
        assertEquals("RUNNING", health.body().path("queue").asText());
        assertEquals(2, health.body().path("workers").asInt());
    }

    @Test
    void takesAContentTypeWithACharset() throws IOException {
        String body = "{\"type\": \"wait\", \"payload\": 1}";
        assertEquals(
                202,
                client.send("POST", "/jobs", "Application/JSON; charset=utf-8", body)
                        .status());
    }

    @Test
    void endsABodyWithoutAnEnd() throws IOException {
        try (Socket socket = client.begin("Transfer-Encoding: chunked")) {
            OutputStream body = socket.getOutputStream();
            byte[] chunk = ("1000\r\n" + " ".repeat(0x1000) + "\r\n").getBytes(US_ASCII);
            assertThrows(SocketException.class, () -> {
                while (true) {
                    body.write(chunk);
                }
            });
        }
        assertEquals(200, client.get("/health").status());
    }

    /** More of them than the server has threads, so it is for a while as if it hung. */
    @Test
    void isNotHungByBodiesThatNeverCome() throws IOException {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 70; i++) {
                silent.add(client.begin("Content-Length: 100"));
            }
            assertEquals(200, client.get("/health").status());
            for (Socket socket : silent) {
                assertClosed(socket);
            }
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    private static void assertClosed(Socket socket) throws IOException {
        try (InputStream answer = socket.getInputStream()) {
            assertEquals(-1, answer.read());
        } catch (SocketException e) {
            // closed as well, only less politely
        }
    }

    @Test
    void hasItsJobsAgainAfterARestart() throws IOException {
        // given
        String id = client.submit("wait", "1");
        untilFinal(id);
        server.close();
        // when
        server = JobServer.start(ANY_PORT, file);
        // then
        JsonNode job = new Client(server.port()).get("/jobs/" + id).body();
        assertEquals("COMPLETED", job.path("status").asText());
    }

    @Test
    void leavesNothingOpenWhenItsPortIsTaken() throws IOException {
        // given
        Path other = dir.resolve("other.db");
        Map<String, String> taken = Map.of("PORT", "" + server.port());
        // when
        IOException refused = assertThrows(IOException.class, () -> JobServer.start(taken, other));
        // then
        assertTrue(refused.getMessage().startsWith("PORT " + server.port() + " cannot be had"), refused.getMessage());
        SqliteJobStore.open(other).close();
    }

    @Test
    void isRefusedAFileInUse() {
        StoreException refused = assertThrows(StoreException.class, () -> JobServer.start(ANY_PORT, file));
        assertTrue(refused.getMessage().contains("in use"), refused.getMessage());
    }

    private JsonNode untilFinal(String id) throws IOException {
        JobId.parse(id);
        long limit = System.nanoTime() + 30_000_000_000L;
        JsonNode job = client.get("/jobs/" + id).body();
        while (!job.has("finishedAt")) {
            assertTrue(System.nanoTime() - limit < 0, "not final in time: " + job);
            job = client.get("/jobs/" + id).body();
        }
        return job;
    }

    private static List<String> ids(Answer answer) {
        List<String> ids = new ArrayList<>();
        answer.body().path("jobs").forEach(job -> ids.add(job.path("id").asText()));
        return ids;
    }
}
