package dev.jobqueue.store.jdbc;

import static java.util.stream.Collectors.toMap;

import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Applies changes: reads where their jobs stand, lets {@link Change} say what becomes of them, writes that. There is one
 * writer, so nothing comes between. The fence needs no more than the job's narrow row, and most changes write no more.
 */
final class SqliteApply {
    private static final String BY_ID =
            "select " + JobRows.JOB + " from json_each(?) i cross join job j on j.id = unhex(i.value)";

    private static final String ATTRIBUTES =
            "select no, attributes from detail where no in (select value from json_each(?)) and attributes is not null";

    private final JobRows rows;

    SqliteApply(JobRows rows) {
        this.rows = rows;
    }

    /** What became of the changes, and whether a job may have become claimable. */
    record Applied(List<ApplyOutcome> outcomes, boolean pending) {}

    Applied run(Statements sql, List<Change> changes) throws SQLException {
        Map<JobId, JobRows.Numbered<JobInfo>> found = find(sql, changes);
        List<ApplyOutcome> outcomes = new ArrayList<>(changes.size());
        List<HeldChange> held = new ArrayList<>(changes.size());
        for (Change change : changes) {
            JobRows.Numbered<JobInfo> now = found.get(change.id());
            if (now == null) {
                outcomes.add(ApplyOutcome.missing());
            } else if (!change.holds(now.job())) {
                outcomes.add(ApplyOutcome.stale(now.job().status(), now.job().attempt()));
            } else {
                outcomes.add(ApplyOutcome.applied());
                held.add(new HeldChange(change, now.no(), now.job()));
            }
        }
        return new Applied(outcomes, write(sql, withAttributes(sql, held)));
    }

    private Map<JobId, JobRows.Numbered<JobInfo>> find(Statements sql, List<Change> changes) throws SQLException {
        String ids = SqliteJson.ids(changes.stream().map(Change::id).toList());
        return sql.query(BY_ID, parameters -> parameters.text(ids), rows::readJob).stream()
                .collect(toMap(job -> job.job().id(), job -> job));
    }

    private static List<HeldChange> withAttributes(Statements sql, List<HeldChange> held) throws SQLException {
        List<Long> numbers = held.stream()
                .filter(one -> SqliteDetail.namesAttributes(one.change()))
                .map(HeldChange::no)
                .toList();
        if (numbers.isEmpty()) {
            return held;
        }
        Map<Long, String> attributes = sql
                .query(
                        ATTRIBUTES,
                        parameters -> parameters.text(SqliteJson.numbers(numbers)),
                        row -> Map.entry(row.getLong(1), row.getString(2)))
                .stream()
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
        return held.stream()
                .map(one -> withAttributes(one, attributes.get(one.no())))
                .toList();
    }

    private static HeldChange withAttributes(HeldChange one, @Nullable String text) {
        return text == null
                ? one
                : new HeldChange(
                        one.change(),
                        one.no(),
                        one.now().toBuilder()
                                .attributes(AttributesText.parse(text))
                                .build());
    }

    /** Whether a job is PENDING now. */
    private boolean write(Statements sql, List<HeldChange> held) throws SQLException {
        List<HeldChange> changed =
                held.stream().filter(one -> !one.change().removes()).toList();
        List<JobRows.Numbered<JobInfo>> after = changed.stream()
                .map(one -> new JobRows.Numbered<>(one.no(), one.after()))
                .toList();
        updateJobs(sql, after);
        SqliteDetail.apply(sql, changed);
        remove(
                sql,
                held.stream()
                        .filter(one -> one.change().removes())
                        .map(HeldChange::no)
                        .toList());
        return after.stream().anyMatch(job -> job.job().status() == JobStatus.PENDING);
    }

    /** An insert that always conflicts: it took about half the time of an update from {@code json_each}. */
    private void updateJobs(Statements sql, List<JobRows.Numbered<JobInfo>> jobs) throws SQLException {
        sql.updateRows(
                JobRows.INSERT_JOBS,
                JobRows.JOB_COLUMNS,
                "on conflict (no) do update set priority = excluded.priority, run_at = excluded.run_at, status ="
                        + " excluded.status, attempt = excluded.attempt, failures = excluded.failures, crashes ="
                        + " excluded.crashes, owner = excluded.owner, changed_at = excluded.changed_at",
                jobs,
                rows::bind);
    }

    private static void remove(Statements sql, List<Long> numbers) throws SQLException {
        if (numbers.isEmpty()) {
            return;
        }
        String those = SqliteJson.numbers(numbers);
        for (String table : List.of("job", "payload", "detail")) {
            sql.update(
                    "delete from " + table + " where no in (select value from json_each(?))",
                    parameters -> parameters.text(those));
        }
    }
}
