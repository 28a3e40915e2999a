package dev.jobqueue.examples.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.jobqueue.Health;
import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What each request means. */
final class JobsApi {
    /** How much of what was refused a reason repeats. */
    private static final int SHOWN = 100;

    private final JobQueue queue;
    private final Set<String> types;

    JobsApi(JobQueue queue, Set<String> types) {
        this.queue = queue;
        this.types = new TreeSet<>(types);
    }

    Reply answer(HttpExchange exchange) throws IOException, RefusedException {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/jobs")) {
            return switch (method) {
                case "GET" -> list(parameters(exchange.getRequestURI().getRawQuery()));
                case "POST" -> submit(Body.json(exchange));
                default -> throw wrongMethod(method, "GET, POST");
            };
        }
        boolean health = path.equals("/health");
        if (!health && !path.startsWith("/jobs/")) {
            throw new RefusedException(404, "there is /jobs, /jobs/{id} and /health, but not " + path);
        }
        if (!method.equals("GET")) {
            throw wrongMethod(method, "GET");
        }
        return health ? health() : find(path.substring("/jobs/".length()));
    }

    private static RefusedException wrongMethod(String method, String allowed) {
        return new RefusedException(
                Reply.refusal(405, "the method must be " + allowed.replace(",", " or") + ", but was " + method)
                        .with("Allow", allowed));
    }

    private Reply submit(JsonNode body) throws RefusedException {
        JsonNode type = body.path("type");
        JsonNode payload = body.path("payload");
        if (!type.isTextual() || payload.isMissingNode()) {
            throw new RefusedException(400, "the body must be {\"type\": a text, \"payload\": any value}");
        }
        if (!types.contains(type.textValue())) {
            throw new RefusedException(
                    400, "the type must be one of " + types + ", but was " + shown(type.textValue()));
        }
        JobRequest request;
        try {
            request = JobRequest.of(type.textValue(), payload.isTextual() ? payload.textValue() : payload.toString());
        } catch (IllegalArgumentException e) {
            throw new RefusedException(400, String.valueOf(e.getMessage()));
        }
        String id = queue.submit(request).id().toString();
        ObjectNode accepted = JsonNodeFactory.instance.objectNode().put("id", id);
        return Reply.of(202, accepted).with("Location", "/jobs/" + id);
    }

    private Reply find(String text) throws RefusedException {
        JobId id;
        try {
            id = JobId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(400, String.valueOf(e.getMessage()));
        }
        return queue.find(id)
                .map(job -> Reply.of(200, JobView.of(job)))
                .orElseThrow(() -> new RefusedException(404, "there is no job " + id));
    }

    /** The newest first, a page at a time: {@code after} takes what the page before calls {@code next}. */
    private Reply list(Map<String, String> parameters) throws RefusedException {
        JobQuery query = JobQuery.of(filter(parameters.get("status")));
        String after = parameters.get("after");
        JobPage page;
        try {
            page = queue.list(after == null ? query : query.after(after));
        } catch (IllegalArgumentException e) {
            throw new RefusedException(400, String.valueOf(e.getMessage()));
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode jobs = body.putArray("jobs");
        page.jobs().forEach(job -> jobs.add(JobView.of(job)));
        page.next().ifPresent(next -> body.put("next", next));
        return Reply.of(200, body);
    }

    private static JobFilter filter(@Nullable String status) throws RefusedException {
        if (status == null) {
            return JobFilter.any();
        }
        try {
            return JobFilter.any().withStatuses(Set.of(JobStatus.valueOf(status)));
        } catch (IllegalArgumentException e) {
            String known = Arrays.toString(JobStatus.values());
            throw new RefusedException(400, "the status must be one of " + known + ", but was " + shown(status));
        }
    }

    private static String shown(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }

    private static Map<String, String> parameters(@Nullable String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String parameter : query == null ? new String[0] : query.split("&", -1)) {
            String[] parts = parameter.split("=", 2);
            String value = parts.length == 1 ? "" : parts[1];
            parameters.put(URLDecoder.decode(parts[0], UTF_8), URLDecoder.decode(value, UTF_8));
        }
        return parameters;
    }

    /** Asks no store, so it answers however the store is. */
    private Reply health() {
        Health health = queue.health();
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("status", health.healthy() ? "UP" : "DOWN")
                .put("queue", health.state().name())
                .put("workers", health.workers())
                .put("busy", health.busy())
                .put("delivered", health.delivered())
                .put("recovered", health.recovery().recovered());
        ArrayNode problems = body.putArray("problems");
        health.problems().forEach(problems::add);
        return Reply.of(health.healthy() ? 200 : 503, body);
    }
}
