package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobQuery;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of a page's last job in the order of its list. As text: the order's letter, and what it orders by.
 *
 * @param number the number of the row, or of what holds it (STORE), the priority (CLAIM), or 0
 * @param time run-at (CLAIM) or created-at (NEWEST) in milliseconds, or 0
 * @param id of the job
 */
record ListCursor(JobOrder order, long number, long time, JobId id) {
    private static final JobId NONE = PendingJob.FIRST.id();

    /** Made when there is a text to read. */
    private static final class Form {
        static final Pattern TEXT = Pattern.compile("([SCN])(\\d{1,18}):(\\d{1,15}):([0-9a-f-]{36})");
    }

    /** Where the query goes on; at its first page: before all jobs. */
    static ListCursor of(JobQuery query) {
        return query.cursor().map(text -> parse(query.order(), text)).orElseGet(() -> beforeAll(query.order()));
    }

    static ListCursor of(JobOrder order, JobRows.Numbered<JobInfo> last) {
        JobInfo job = last.job();
        return switch (order) {
            case STORE -> new ListCursor(order, last.no(), 0, job.id());
            case CLAIM -> new ListCursor(order, job.priority(), job.runAt().toEpochMilli(), job.id());
            case NEWEST -> new ListCursor(order, 0, job.createdAt().toEpochMilli(), job.id());
        };
    }

    private static ListCursor beforeAll(JobOrder order) {
        return switch (order) {
            case STORE -> new ListCursor(order, -1, 0, NONE);
            case CLAIM -> new ListCursor(order, PendingJob.FIRST.priority(), 0, NONE);
            case NEWEST -> new ListCursor(order, 0, Long.MAX_VALUE, NONE);
        };
    }

    private static ListCursor parse(JobOrder order, String text) {
        Matcher parts = Form.TEXT.matcher(text);
        if (!parts.matches() || text.charAt(0) != order.name().charAt(0)) {
            throw new IllegalArgumentException(
                    "a cursor of a list in " + order + " order is what its last page gave, but was " + text);
        }
        return new ListCursor(
                order, Long.parseLong(parts.group(2)), Long.parseLong(parts.group(3)), JobId.parse(parts.group(4)));
    }

    /** The same place among PENDING jobs. */
    PendingJob pending() {
        return new PendingJob((int) number, time, id, 0);
    }

    String text() {
        return order.name().charAt(0) + "" + number + ":" + time + ":" + id;
    }
}
