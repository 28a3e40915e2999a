package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Lists a page: first the numbers of its jobs, so that no sort drags memos along, then the jobs. */
final class SqliteList {
    private static final String READ = "select " + JobRows.JOB_AND_DETAIL
            + ", coalesce(octet_length(d.attributes), 0) + coalesce(octet_length(d.memo), 0) from json_each(?) n cross join job j on j.no = n.value left join detail d on d.no = j.no";

    /** A page ends early when its attributes and memos come to this many bytes. */
    private static final long LARGE_PAGE = 4 * 1024 * 1024;

    private final Kinds kinds;
    private final JobRows rows;

    SqliteList(Kinds kinds, JobRows rows) {
        this.kinds = kinds;
        this.rows = rows;
    }

    /** Whether what a page costs is bounded by what is on it and by what is running; otherwise all that is stored may be read. */
    static boolean isQuick(JobQuery query) {
        return query.order() == JobOrder.CLAIM
                || !query.filter().ids().isEmpty()
                || Conditions.statuses(query.filter()).equals(Set.of(JobStatus.PROCESSING));
    }

    /** The page. For orphans: those that the live node does not own. */
    JobPage run(Statements sql, JobQuery query, Optional<Node> live) throws SQLException {
        ListCursor after = ListCursor.of(query);
        Set<JobStatus> statuses = Conditions.statuses(query.filter());
        List<Integer> asked =
                kinds.numbers(query.filter().queues(), query.filter().types());
        if (statuses.isEmpty() || asked.isEmpty()) {
            return JobPage.of(List.of(), Optional.empty());
        }
        boolean lanes = query.order() == JobOrder.CLAIM && query.filter().ids().isEmpty();
        List<Long> numbers = lanes ? inLanes(sql, query, asked, after) : select(sql, query, statuses, after, live);
        List<JobRows.Numbered<JobInfo>> page = read(sql, numbers);
        boolean more = page.size() < numbers.size() || numbers.size() == query.limit();
        return JobPage.of(
                page.stream().map(JobRows.Numbered::job).toList(),
                more
                        ? Optional.of(ListCursor.of(query.order(), page.get(page.size() - 1))
                                .text())
                        : Optional.empty());
    }

    private List<Long> inLanes(Statements sql, JobQuery query, List<Integer> asked, ListCursor after)
            throws SQLException {
        JobFilter filter = query.filter();
        List<SqliteLane.Key> keys = new ArrayList<>();
        for (int kind : asked) {
            keys.add(new SqliteLane.Key(kind, false));
            keys.add(new SqliteLane.Key(kind, true));
        }
        long dueBy = filter.dueBy().orElse(JobInfo.NEVER).toEpochMilli();
        return new SqliteLanes(after.pending(), dueBy)
                .take(sql, keys, query.limit()).stream().map(PendingJob::no).toList();
    }

    private List<Long> select(
            Statements sql, JobQuery query, Set<JobStatus> statuses, ListCursor after, Optional<Node> live)
            throws SQLException {
        Conditions where = SqliteConditions.of(query.filter(), statuses, kinds, live);
        if (!query.filter().ids().isEmpty()) {
            String ids = SqliteJson.ids(query.filter().ids());
            where.add("j.id in (select unhex(value) from json_each(?))", row -> row.text(ids));
        }
        String order = switch (query.order()) {
            case STORE -> {
                where.add("j.no > ?", row -> row.number(after.number()));
                yield "j.no";
            }
            case CLAIM -> {
                where.add(
                        "(j.priority, j.run_at, j.id) > (?, ?, ?)",
                        row -> row.number(after.number()).number(after.time()).bytes(JobRows.bytes(after.id())));
                yield "j.priority, j.run_at, j.id";
            }
            case NEWEST -> {
                where.add(
                        "(j.created_at, j.id) < (?, ?)",
                        row -> row.number(after.time()).bytes(JobRows.bytes(after.id())));
                yield "j.created_at desc, j.id desc";
            }
        };
        return sql.query(
                "select j.no from job j " + index(query, statuses) + " where " + where.text() + " order by " + order
                        + " limit ?",
                parameters -> {
                    where.bind(parameters);
                    parameters.number(query.limit());
                },
                row -> row.getLong(1));
    }

    /** Said where the planner, which has no statistics, would sort all that match for the sake of one page. */
    private static String index(JobQuery query, Set<JobStatus> statuses) {
        if (!query.filter().ids().isEmpty()) {
            return "indexed by job_id";
        }
        if (query.order() == JobOrder.STORE) {
            return statuses.equals(Set.of(JobStatus.PROCESSING)) ? "indexed by job_processing" : "not indexed";
        }
        return "";
    }

    /** These jobs in this order, or as many of the first as make a large page. */
    private List<JobRows.Numbered<JobInfo>> read(Statements sql, List<Long> numbers) throws SQLException {
        if (numbers.isEmpty()) {
            return List.of();
        }
        Map<Long, JobRows.Numbered<JobInfo>> read = new HashMap<>();
        sql.queryWhile(READ, parameters -> parameters.text(SqliteJson.numbers(numbers)), new Statements.RowReader<>() {
            private long size;

            @Override
            public Boolean read(ResultSet row) throws SQLException {
                JobRows.Numbered<JobInfo> job = rows.readAll(row);
                read.put(job.no(), job);
                size += row.getLong(JobRows.AFTER_DETAIL);
                return size < LARGE_PAGE;
            }
        });
        return numbers.stream().takeWhile(read::containsKey).map(read::get).toList();
    }
}
