package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobCount;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Counts jobs, each status from the index that has it. */
final class SqliteCounts {
    private final Kinds kinds;

    SqliteCounts(Kinds kinds) {
        this.kinds = kinds;
    }

    List<JobCount> run(Statements sql, Set<JobStatus> statuses) throws SQLException {
        List<JobCount> counts = new ArrayList<>();
        for (JobStatus status : statuses) {
            counts.addAll(sql.query(
                    "select j.kind, count(*) from job j where " + SqliteConditions.of(Set.of(status))
                            + " group by j.kind",
                    none -> {},
                    row -> {
                        Kinds.Kind kind = kinds.of(row.getInt(1));
                        return JobCount.of(kind.queue(), kind.type(), status, row.getLong(2));
                    }));
        }
        return counts;
    }
}
