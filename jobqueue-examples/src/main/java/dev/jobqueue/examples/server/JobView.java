package dev.jobqueue.examples.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;

/** A job as clients see it. */
final class JobView {
    private JobView() {}

    static ObjectNode of(Job job) {
        return of(job.info()).put("payload", new String(job.payload(), UTF_8));
    }

    static ObjectNode of(JobInfo job) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", job.id().toString())
                .put("type", job.type())
                .put("status", job.status().name())
                .put("attempt", job.attempt())
                .put("failures", job.failures())
                .put("createdAt", job.createdAt().toString())
                .put("runAt", job.runAt().toString());
        job.finishedAt().ifPresent(time -> json.put("finishedAt", time.toString()));
        job.error().ifPresent(error -> json.put("error", error));
        return json;
    }
}
