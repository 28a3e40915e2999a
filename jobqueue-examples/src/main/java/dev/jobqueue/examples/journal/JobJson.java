package dev.jobqueue.examples.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** A job as JSON, with all that it carries. Times are milliseconds since 1970, as exact as a job's times are. */
final class JobJson {
    private JobJson() {}

    /** A new job, with its payload. */
    static ObjectNode write(Job job) {
        return write(job.info()).put("payload", job.payload());
    }

    /** A job that went. */
    static ObjectNode removed(JobId id) {
        return JsonNodeFactory.instance.objectNode().put("id", id.toString()).put("removed", true);
    }

    static ObjectNode write(JobInfo job) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", job.id().toString())
                .put("type", job.type())
                .put("queue", job.queue())
                .put("priority", job.priority())
                .put("runAt", job.runAt().toEpochMilli())
                .put("status", job.status().name())
                .put("attempt", job.attempt())
                .put("failures", job.failures())
                .put("crashes", job.crashes())
                .put("createdAt", job.createdAt().toEpochMilli())
                .put("changedAt", job.changedAt().toEpochMilli());
        job.owner().ifPresent(owner -> json.put("owner", owner));
        job.finishedAt().ifPresent(time -> json.put("finishedAt", time.toEpochMilli()));
        job.error().ifPresent(error -> json.put("error", error));
        job.memo().ifPresent(memo -> json.put("memo", memo));
        ObjectNode attributes = json.putObject("attributes");
        job.attributes().forEach(attributes::put);
        return json;
    }

    static JobId id(JsonNode json) {
        return JobId.parse(text(json, "id"));
    }

    static boolean isRemoved(JsonNode json) {
        return json.has("removed");
    }

    static JobInfo read(JsonNode json) {
        Map<String, String> attributes = new LinkedHashMap<>();
        json.path("attributes")
                .properties()
                .forEach(one -> attributes.put(one.getKey(), one.getValue().asText()));
        JobInfo.Builder job = JobInfo.builder(id(json), text(json, "type"), time(json, "createdAt"))
                .queue(text(json, "queue"))
                .priority(json.path("priority").asInt())
                .runAt(time(json, "runAt"))
                .status(JobStatus.valueOf(text(json, "status")))
                .attempt(json.path("attempt").asInt())
                .failures(json.path("failures").asInt())
                .crashes(json.path("crashes").asInt())
                .changedAt(time(json, "changedAt"))
                .attributes(attributes);
        if (json.has("owner")) {
            job.owner(text(json, "owner"));
        }
        if (json.has("finishedAt")) {
            job.finishedAt(time(json, "finishedAt"));
        }
        if (json.has("error")) {
            job.error(text(json, "error"));
        }
        if (json.has("memo")) {
            job.memo(bytes(json, "memo"));
        }
        return job.build();
    }

    static byte[] payload(JsonNode json) {
        return bytes(json, "payload");
    }

    private static byte[] bytes(JsonNode json, String name) {
        try {
            return json.required(name).binaryValue();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " is no Base64", e);
        }
    }

    private static String text(JsonNode json, String name) {
        return json.required(name).asText();
    }

    private static Instant time(JsonNode json, String name) {
        return Instant.ofEpochMilli(json.required(name).asLong());
    }
}
