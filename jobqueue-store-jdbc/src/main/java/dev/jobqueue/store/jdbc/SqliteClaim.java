package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.Claimed;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Claims due jobs: chooses them from the index, marks them all in one statement, reads them in another. */
final class SqliteClaim {
    private static final String MARK = "update job set status = 1, attempt = attempt + 1, owner = ?, changed_at = ?"
            + " where no in (select value from json_each(?))";

    private static final String READ = "select " + JobRows.JOB_AND_DETAIL + ", y.payload from json_each(?) n"
            + " cross join job j on j.no = n.value cross join payload y on y.no = j.no left join detail d on d.no = j.no";

    /** A look at the first job of each priority in each lane; the latest number there is, if there is none. */
    private static final String NEXT_DUE = """
            select coalesce(min((
                select j.run_at from job j indexed by job_pending
                where j.status = 0 and j.kind = k.value and (j.crashes >= 2) = s.value and j.priority = p.priority
                order by j.run_at limit 1)), 9223372036854775807)
            from json_each(?) k cross join json_each(?) s cross join priority p
            """;

    private final Kinds kinds;
    private final JobRows rows;

    SqliteClaim(Kinds kinds, JobRows rows) {
        this.kinds = kinds;
        this.rows = rows;
    }

    Claimed run(Statements sql, Node by, ClaimRequest request) throws SQLException {
        List<Long> chosen = choose(sql, request);
        List<Job> claimed = chosen.isEmpty() ? List.of() : claim(sql, by, request.now(), chosen);
        return Claimed.of(claimed, claimed.size() < request.limit() ? nextDue(sql, request) : Optional.empty());
    }

    private List<Long> choose(Statements sql, ClaimRequest request) throws SQLException {
        SqliteLanes lanes = new SqliteLanes(PendingJob.FIRST, request.now().toEpochMilli());
        List<Long> chosen = new ArrayList<>();
        for (ClaimSlot slot : request.slots()) {
            int room = Math.min(slot.limit(), request.limit() - chosen.size());
            if (room > 0) {
                for (PendingJob job : lanes.take(sql, lanes(slot), room)) {
                    chosen.add(job.no());
                }
            }
        }
        return chosen;
    }

    private List<Job> claim(Statements sql, Node by, Instant now, List<Long> chosen) throws SQLException {
        String those = SqliteJson.numbers(chosen);
        sql.update(MARK, row -> row.text(by.text()).number(now.toEpochMilli()).text(those));
        Map<Long, Job> claimed = new HashMap<>();
        for (JobRows.Numbered<Job> job : sql.query(READ, row -> row.text(those), rows::readWithPayload)) {
            claimed.put(job.no(), job.job());
        }
        List<Job> inOrder = new ArrayList<>(chosen.size());
        for (Long no : chosen) {
            inOrder.add(claimed.get(no));
        }
        return inOrder;
    }

    private Optional<Instant> nextDue(Statements sql, ClaimRequest request) throws SQLException {
        long earliest = JobInfo.NEVER.toEpochMilli();
        for (ClaimSlot slot : request.slots()) {
            List<Integer> asked = kinds.numbers(Set.of(slot.queue()), slot.types());
            if (!asked.isEmpty()) {
                long next = sql.queryOne(
                                NEXT_DUE,
                                row -> row.text(SqliteJson.numbers(asked)).text(suspects(slot)),
                                row -> row.getLong(1))
                        .orElseThrow();
                earliest = Math.min(earliest, next);
            }
        }
        return earliest < JobInfo.NEVER.toEpochMilli() ? Optional.of(Instant.ofEpochMilli(earliest)) : Optional.empty();
    }

    private List<SqliteLane.Key> lanes(ClaimSlot slot) {
        List<SqliteLane.Key> lanes = new ArrayList<>();
        for (int kind : kinds.numbers(Set.of(slot.queue()), slot.types())) {
            switch (slot.suspects()) {
                case ANY -> {
                    lanes.add(new SqliteLane.Key(kind, false));
                    lanes.add(new SqliteLane.Key(kind, true));
                }
                case NONE -> lanes.add(new SqliteLane.Key(kind, false));
                case ONLY -> lanes.add(new SqliteLane.Key(kind, true));
            }
        }
        return lanes;
    }

    private static String suspects(ClaimSlot slot) {
        return switch (slot.suspects()) {
            case ANY -> "[0,1]";
            case NONE -> "[0]";
            case ONLY -> "[1]";
        };
    }
}
