package dev.jobqueue.store.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jobqueue.job.JobInfo;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** A job field by field, so that a failed comparison shows which one differs. */
final class JobFacts {
    private JobFacts() {}

    static void assertSameJob(JobInfo expected, JobInfo actual) {
        assertEquals(of(expected), of(actual));
    }

    private static Map<String, Object> of(JobInfo job) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("id", job.id());
        facts.put("type", job.type());
        facts.put("queue", job.queue());
        facts.put("priority", job.priority());
        facts.put("runAt", job.runAt());
        facts.put("status", job.status());
        facts.put("attempt", job.attempt());
        facts.put("failures", job.failures());
        facts.put("crashes", job.crashes());
        facts.put("owner", job.owner());
        facts.put("createdAt", job.createdAt());
        facts.put("changedAt", job.changedAt());
        facts.put("finishedAt", job.finishedAt());
        facts.put("error", job.error());
        facts.put("attributes", new TreeMap<>(job.attributes()));
        facts.put("memo", job.memo().map(HexFormat.of()::formatHex));
        return facts;
    }
}
