package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.InsertOutcome;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Stores new jobs. In the order of their ids, so that two batches never wait for each other in a ring. Never by INSERT
 * IGNORE, which would cut what does not fit and say nothing.
 */
final class MariaDbInsert implements Writer.Insert {
    /** What a job takes beside its payload, memo and attributes. */
    private static final long NARROW = 500;

    private final Names names;
    private final Kinds kinds;
    private final int packet;

    /**
     * Its statements.
     *
     * @param packet how many bytes a statement may bring, each of which may need two
     */
    MariaDbInsert(Names names, Kinds kinds, int packet) {
        this.names = names;
        this.kinds = kinds;
        this.packet = packet;
    }

    /** As if none of the ids were there, which is one round trip, and only then otherwise. */
    @Override
    public List<InsertOutcome> run(Transaction sql, List<Job> jobs) throws SQLException {
        try {
            insert(sql, jobs);
            return Collections.nCopies(jobs.size(), InsertOutcome.stored());
        } catch (SQLException e) {
            if (!MariaDbDialect.isDuplicate(e)) {
                throw e;
            }
            sql.rollBack();
            return runWithin(sql, jobs);
        }
    }

    @Override
    public List<InsertOutcome> runWithin(Transaction sql, List<Job> jobs) throws SQLException {
        while (true) {
            Set<JobId> there = there(sql, jobs);
            try {
                insert(
                        sql,
                        jobs.stream().filter(job -> !there.contains(job.id())).toList());
                return jobs.stream()
                        .map(job -> there.contains(job.id()) ? InsertOutcome.sameId() : InsertOutcome.stored())
                        .toList();
            } catch (SQLException e) {
                if (!MariaDbDialect.isDuplicate(e)) {
                    throw e;
                }
                sql.rollBack(); // somebody was faster, and it is there now
            }
        }
    }

    private Set<JobId> there(Transaction sql, List<Job> jobs) throws SQLException {
        String ids = String.join(", ", Collections.nCopies(jobs.size(), "?"));
        return new HashSet<>(sql.query(
                names.sql("select id from {job} where id in (" + ids + ")"),
                row -> {
                    for (Job job : jobs) {
                        row.bytes(JobRows.bytes(job.id()));
                    }
                },
                row -> JobRows.id(row.getBytes(1))));
    }

    private void insert(Transaction sql, List<Job> jobs) throws SQLException {
        List<Job> sorted = jobs.stream().sorted(Comparator.comparing(Job::id)).toList();
        List<List<Job>> parts = parts(sorted);
        for (List<Job> part : parts.subList(0, parts.size() - 1)) {
            sql.query(statement(part), row -> bind(row, part), none -> none);
        }
        List<Job> last = parts.get(parts.size() - 1);
        sql.last(last.isEmpty() ? "do 0" : statement(last), row -> bind(row, last), none -> none);
    }

    private List<List<Job>> parts(List<Job> jobs) {
        List<List<Job>> parts = new ArrayList<>();
        int from = 0;
        long bytes = 0;
        for (int to = 0; to < jobs.size(); to++) {
            long size = size(jobs.get(to));
            if (bytes + size > packet && to > from) {
                parts.add(jobs.subList(from, to));
                from = to;
                bytes = 0;
            }
            bytes += size;
        }
        parts.add(jobs.subList(from, jobs.size()));
        return parts;
    }

    private static long size(Job job) {
        long size = NARROW + job.payload().length;
        size += job.info().memo().map(memo -> memo.length).orElse(0);
        for (Map.Entry<String, String> attribute : job.info().attributes().entrySet()) {
            size += 6L * (attribute.getKey().length() + attribute.getValue().length()); // as they may be quoted
        }
        return size;
    }

    private static boolean isDue(Job job) {
        return !job.info().runAt().isAfter(job.info().createdAt());
    }

    private String statement(List<Job> part) {
        long due = part.stream().filter(MariaDbInsert::isDue).count();
        return names.sql(
                "insert into {job} (id, kind, priority, run_at, created_at, changed_at, attributes, memo, payload)"
                        + " values " + rows(part.size(), "(?, ?, ?, ?, ?, ?, ?, ?, ?)")
                        + waiting("ready", due) + waiting("later", part.size() - due));
    }

    private static String waiting(String table, long rows) {
        return rows == 0
                ? ""
                : "; insert into {" + table + "} (suspect, kind, priority, run_at, id, attempt) values "
                        + rows((int) rows, "(false, ?, ?, ?, ?, 0)");
    }

    private static String rows(int count, String row) {
        return String.join(", ", Collections.nCopies(count, row));
    }

    private void bind(Parameters row, List<Job> part) throws SQLException {
        for (Job job : part) {
            JobInfo info = job.info();
            row.bytes(JobRows.bytes(job.id()))
                    .number(kinds.number(Kinds.Kind.of(info)))
                    .number(info.priority())
                    .number(info.runAt().toEpochMilli())
                    .number(info.createdAt().toEpochMilli())
                    .number(info.changedAt().toEpochMilli())
                    .text(info.attributes().isEmpty() ? null : AttributesText.of(info.attributes()))
                    .bytes(info.memo().orElse(null))
                    .bytes(job.payload());
        }
        bindWaiting(row, part, MariaDbInsert::isDue);
        bindWaiting(row, part, job -> !isDue(job));
    }

    private void bindWaiting(Parameters row, List<Job> part, Predicate<Job> which) throws SQLException {
        for (Job job : part) {
            if (which.test(job)) {
                row.number(kinds.number(Kinds.Kind.of(job.info())))
                        .number(job.info().priority())
                        .number(job.info().runAt().toEpochMilli())
                        .bytes(JobRows.bytes(job.id()));
            }
        }
    }
}
