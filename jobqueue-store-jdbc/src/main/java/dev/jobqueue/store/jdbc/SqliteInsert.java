package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.InsertOutcome;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Stores new jobs; those whose id is there already are left out. */
final class SqliteInsert {
    /** The driver copies what a statement binds, so one takes no more payload than this, but always a job's. */
    private static final int PAYLOADS = 4 * 1024 * 1024;

    private final JobRows rows;

    SqliteInsert(JobRows rows) {
        this.rows = rows;
    }

    List<InsertOutcome> run(Statements sql, List<Job> jobs) throws SQLException {
        long last = sql.queryOne("select coalesce(max(no), 0) from job", none -> {}, row -> row.getLong(1))
                .orElseThrow();
        List<JobRows.Numbered<Job>> numbered = new ArrayList<>(jobs.size());
        for (Job job : jobs) {
            numbered.add(new JobRows.Numbered<>(last + 1 + numbered.size(), job));
        }
        int stored = sql.updateRows(
                JobRows.INSERT_JOBS,
                JobRows.JOB_COLUMNS,
                "on conflict (id) do nothing",
                numbered,
                (row, job) -> rows.bind(
                        row, new JobRows.Numbered<>(job.no(), job.job().info())));
        if (stored == jobs.size()) {
            insertRest(sql, numbered);
            return Collections.nCopies(jobs.size(), InsertOutcome.stored());
        }
        Set<Long> numbers = new HashSet<>(
                sql.query("select no from job where no > ?", after -> after.number(last), row -> row.getLong(1)));
        insertRest(
                sql, numbered.stream().filter(job -> numbers.contains(job.no())).toList());
        return numbered.stream()
                .map(job -> numbers.contains(job.no()) ? InsertOutcome.stored() : InsertOutcome.sameId())
                .toList();
    }

    private static void insertRest(Statements sql, List<JobRows.Numbered<Job>> stored) throws SQLException {
        int from = 0;
        int bytes = 0;
        for (int to = 0; to < stored.size(); to++) {
            bytes += stored.get(to).job().payload().length;
            if (bytes > PAYLOADS && to > from) {
                insertPayloads(sql, stored.subList(from, to));
                from = to;
                bytes = stored.get(to).job().payload().length;
            }
        }
        insertPayloads(sql, stored.subList(from, stored.size()));
        List<JobRows.Numbered<Job>> detailed = new ArrayList<>();
        for (JobRows.Numbered<Job> job : stored) {
            if (hasDetail(job.job().info())) {
                detailed.add(job);
            }
        }
        SqliteDetail.insert(sql, detailed);
    }

    private static void insertPayloads(Statements sql, List<JobRows.Numbered<Job>> stored) throws SQLException {
        sql.updateRows(
                "insert into payload (no, payload) values",
                2,
                "",
                stored,
                (row, job) -> row.number(job.no()).bytes(job.job().payload()));
    }

    private static boolean hasDetail(JobInfo job) {
        return !job.attributes().isEmpty() || job.memo().isPresent(); // a new job has no error
    }
}
