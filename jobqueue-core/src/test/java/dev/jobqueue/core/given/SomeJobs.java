package dev.jobqueue.core.given;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jobqueue.core.runtime.FakePlatform;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.Node;
import java.time.Instant;
import java.util.UUID;

/** Jobs to test with, of type {@value #TYPE}. The same name always gives the same id. */
public final class SomeJobs {
    public static final String TYPE = "count";
    public static final Node NODE = Node.of("node", new UUID(1, 1));

    private SomeJobs() {}

    /** New, and due at the beginning. */
    public static Job pending(String name) {
        return pending(name, FakePlatform.BEGIN);
    }

    /** New, and due then. */
    public static Job pending(String name, Instant runAt) {
        JobInfo info = JobInfo.builder(JobId.of(name), TYPE, FakePlatform.BEGIN)
                .runAt(runAt)
                .build();
        return Job.of(info, name.getBytes(UTF_8));
    }

    /** Claimed at its first attempt. */
    public static Job processing(String name) {
        return processing(name, 1);
    }

    /** Claimed at this attempt. */
    public static Job processing(String name, int attempt) {
        Job job = pending(name);
        return job.withInfo(job.info().toBuilder().attempt(attempt - 1).build().claimed(NODE, FakePlatform.BEGIN));
    }
}
