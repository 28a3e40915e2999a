package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.store.InsertOutcome;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores new jobs. In the order of their ids, so that two batches never wait for each other in a ring. */
final class PostgresInsert implements Writer.Insert {
    /** A statement takes no more payload than this, but always a job's; so neither side needs much memory. */
    private static final int PAYLOADS = 8 * 1024 * 1024;

    private static final String INSERT = """
            with new as (
                select * from unnest(?::uuid[], ?::int[], ?::int[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[],
                        ?::bytea[], ?::bytea[])
                    n(id, kind, priority, run_at, created_at, changed_at, attributes, memo, payload)),
            stored as (
                insert into {job} (id, kind, priority, run_at, created_at, changed_at, attributes, memo, payload)
                select id, kind, priority, run_at, created_at, changed_at, attributes::jsonb, memo, payload from new
                %s returning id, kind, priority, run_at, created_at),
            into_ready as (
                insert into {ready} (suspect, kind, priority, run_at, id, attempt)
                select false, kind, priority, run_at, id, 0 from stored where run_at <= created_at),
            into_later as (
                insert into {later} (suspect, kind, priority, run_at, id, attempt)
                select false, kind, priority, run_at, id, 0 from stored where run_at > created_at)
            select id from stored""";

    private final Kinds kinds;
    private final String notification;
    private final String insertNew;
    private final String insertMissing;

    PostgresInsert(Names names, Kinds kinds, String notification) {
        this.kinds = kinds;
        this.notification = notification;
        this.insertNew = names.sql(INSERT.formatted(""));
        this.insertMissing = names.sql(INSERT.formatted("on conflict (id) do nothing"));
    }

    /** In a transaction of its own: as if none of the ids were there, which is cheaper, and only then otherwise. */
    @Override
    public List<InsertOutcome> run(Transaction sql, List<Job> jobs) throws SQLException {
        try {
            insert(sql, jobs, insertNew);
            return Collections.nCopies(jobs.size(), InsertOutcome.stored());
        } catch (SQLException e) {
            if (!PostgresDialect.isUniqueViolation(e)) {
                throw e;
            }
            sql.rollBack();
            return runWithin(sql, jobs);
        }
    }

    /** In any transaction: no id that is there already makes it fail. */
    @Override
    public List<InsertOutcome> runWithin(Transaction sql, List<Job> jobs) throws SQLException {
        Set<JobId> stored = insert(sql, jobs, insertMissing);
        return jobs.stream()
                .map(job -> stored.contains(job.id()) ? InsertOutcome.stored() : InsertOutcome.sameId())
                .toList();
    }

    private Set<JobId> insert(Transaction sql, List<Job> jobs, String insert) throws SQLException {
        List<Job> sorted = jobs.stream().sorted(Comparator.comparing(Job::id)).toList();
        List<List<Job>> parts = parts(sorted);
        Set<JobId> stored = new HashSet<>();
        for (List<Job> part : parts.subList(0, parts.size() - 1)) {
            stored.addAll(sql.query(insert, row -> bind(row, part), row -> JobId.of(row.getObject(1, UUID.class))));
        }
        List<Job> last = parts.get(parts.size() - 1);
        stored.addAll(
                sql.last(notification + insert, row -> bind(row, last), row -> JobId.of(row.getObject(1, UUID.class))));
        return stored;
    }

    private static List<List<Job>> parts(List<Job> jobs) {
        List<List<Job>> parts = new ArrayList<>();
        int from = 0;
        long bytes = 0;
        for (int to = 0; to < jobs.size(); to++) {
            bytes += jobs.get(to).payload().length;
            if (bytes > PAYLOADS && to > from) {
                parts.add(jobs.subList(from, to));
                from = to;
                bytes = jobs.get(to).payload().length;
            }
        }
        parts.add(jobs.subList(from, jobs.size()));
        return parts;
    }

    private void bind(Parameters row, List<Job> jobs) throws SQLException {
        new PostgresColumns<>(row, jobs)
                .uuid(job -> job.id().value())
                .int4(job -> kinds.number(Kinds.Kind.of(job.info())))
                .int4(job -> job.info().priority())
                .int8(job -> job.info().runAt().toEpochMilli())
                .int8(job -> job.info().createdAt().toEpochMilli())
                .int8(job -> job.info().changedAt().toEpochMilli())
                .text(job -> text(job.info().attributes()))
                .bytea(job -> job.info().memo().orElse(null))
                .bytea(Job::payload);
    }

    private static @Nullable String text(Map<String, String> attributes) {
        return attributes.isEmpty() ? null : AttributesText.of(attributes);
    }
}
