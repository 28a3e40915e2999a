package dev.jobqueue.examples.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.examples.server.Client.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One server for all: what is refused changes nothing. */
class RefusalTest {
    @TempDir
    static Path dir;

    private static JobServer server;
    private static Client client;

    @BeforeAll
    static void start() throws IOException {
        server = JobServer.start(Map.of("PORT", "0"), dir.resolve("jobs.db"));
        client = new Client(server.port());
    }

    @AfterAll
    static void changesNothing() throws IOException {
        try (JobServer closing = server) {
            assertEquals(0, client.get("/jobs").body().path("jobs").size(), closing::toString);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                                      | the body must be {
                    {"type": "wait", "payload"              | the body is no JSON
                    {"type": "wait", "payload": 1} x        | the body is no JSON
                    {"type": "wait", "type": "fail"}        | the body is no JSON
                    [1]                                     | the body must be {
                    {"type": "wait"}                        | the body must be {
                    {"type": 1, "payload": 1}               | the body must be {
                    {"type": "sing", "payload": 1}          | must be one of [fail, print, wait], but was sing
                    {"type": "wait", "payload": "\\ud800"}  | surrogate
                    """)
    void refusesABodyThatIsNoJob(String body, String reason) throws IOException {
        Answer refused = client.post(body);
        assertEquals(400, refused.status());
        assertTrue(refused.error().contains(reason), refused.error());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    GET  | /jobs/4711                                  | 400 | a job id is a UUID
                    GET  | /jobs/                                      | 400 | a job id is a UUID
                    GET  | /jobs/00000000-0000-0000-0000-000000000000  | 404 | there is no job 0
                    GET  | /jobs?status=DONE                           | 400 | must be one of [PENDING, PROCESSING, COMPLETED
                    GET  | /jobs?status=                               | 400 | must be one of [PENDING
                    GET  | /jobs?after=here                            | 400 | cursor
                    GET  | /                                           | 404 | there is /jobs
                    POST | /jobsandmore                                | 404 | there is /jobs
                    """)
    void refusesWhatItDoesNotKnow(String method, String path, int status, String reason) throws IOException {
        Answer refused = client.send(method, path, null, null);
        assertEquals(status, refused.status());
        assertTrue(refused.error().contains(reason), refused.error());
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE, /jobs, 'GET, POST'",
        "PUT, /jobs, 'GET, POST'",
        "DELETE, /jobs/4711, GET",
        "POST, /health, GET",
        "HEAD, /health, GET"
    })
    void saysWhichMethodsThereAre(String method, String path, String allowed) throws IOException {
        Answer refused = client.send(method, path, null, null);
        assertEquals(405, refused.status());
        assertEquals(allowed, refused.allow());
    }

    @ParameterizedTest
    @CsvSource({"text/plain", "application/jsonp", "application/x-www-form-urlencoded", "''"})
    void refusesAnotherContentType(String type) throws IOException {
        Answer refused = client.send("POST", "/jobs", type, "{\"type\": \"wait\", \"payload\": 1}");
        assertEquals(415, refused.status());
        assertTrue(refused.error().contains("must be application/json"), refused.error());
    }

    @Test
    void refusesABodyOverTheLimit() throws IOException {
        Answer refused = client.post(" ".repeat(Body.LIMIT + 1));
        assertEquals(413, refused.status());
        assertTrue(refused.error().contains("at most " + Body.LIMIT), refused.error());
    }
}
