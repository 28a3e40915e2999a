package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobCount;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

/** Counts jobs where they are, without a look at them unless they are running. */
final class PostgresCounts implements Tables.Counts {
    private final Names names;
    private final Kinds kinds;

    PostgresCounts(Names names, Kinds kinds) {
        this.names = names;
        this.kinds = kinds;
    }

    @Override
    public List<JobCount> run(Transaction sql, Set<JobStatus> statuses) throws SQLException {
        StringJoiner all = new StringJoiner(" union all ");
        StringJoiner finished = new StringJoiner(", ");
        for (JobStatus status : EnumSet.copyOf(statuses)) {
            switch (status) {
                case PENDING ->
                    all.add("select kind, 0, count(*) from (select kind from {ready} union all"
                            + " select kind from {later}) waiting group by kind");
                case PROCESSING ->
                    all.add("select j.kind, 1, count(*) from {lease} l cross join lateral unnest(l.ids) u(id)"
                            + " join {job} j on j.id = u.id group by j.kind");
                case COMPLETED, FAILED, CANCELLED -> finished.add(Integer.toString(JobRows.code(status)));
            }
        }
        if (finished.length() > 0) {
            all.add("select kind, status, count(*) from {finished} where status in (" + finished
                    + ") group by kind, status");
        }
        return sql.last(names.sql(all.toString()), none -> {}, row -> {
            Kinds.Kind kind = kinds.of(row.getInt(1));
            return JobCount.of(kind.queue(), kind.type(), JobRows.status(row.getInt(2)), row.getLong(3));
        });
    }
}
