package dev.jobqueue.store.testkit;

import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.JobOrder;
import java.time.Instant;

/** Where a page ended, as text: the order, and what the order sorts by. */
final class PlainCursor {
    private PlainCursor() {}

    static String write(JobInfo last, JobOrder order) {
        return String.join(
                " ",
                order.name(),
                Integer.toString(last.priority()),
                last.runAt().toString(),
                last.createdAt().toString(),
                last.id().toString());
    }

    /** A job that stands where the page ended. */
    static JobInfo read(String cursor, JobOrder order) {
        String[] parts = cursor.split(" ", -1);
        if (parts.length != 5 || !parts[0].equals(order.name())) {
            throw new IllegalArgumentException("no cursor of this store for the order " + order + ": " + cursor);
        }
        return JobInfo.builder(JobId.parse(parts[4]), "cursor", Instant.parse(parts[3]))
                .priority(Integer.parseInt(parts[1]))
                .runAt(Instant.parse(parts[2]))
                .build();
    }
}
