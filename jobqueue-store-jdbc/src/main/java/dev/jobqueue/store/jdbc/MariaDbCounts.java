package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobCount;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

/** Counts jobs where they are, without a look at them unless they are running. */
final class MariaDbCounts implements Tables.Counts {
    private static final String WAITING = "select kind, 0 as status, count(*) as jobs from ("
            + "select kind from {ready} union all select kind from {later}) waiting group by kind";

    private static final String RUNNING = "select j.kind, 1 as status, count(*) as jobs from {lease} l"
            + " straight_join json_table(l.jobs, '$[*]' columns (hex char(32) path '$[0]')) s"
            + " straight_join {job} j on j.id = unhex(s.hex) group by j.kind";

    private static final String FINISHED =
            "select kind, status, count(*) as jobs from {finished} where status in (%s) group by kind, status";

    private final Names names;
    private final Kinds kinds;

    MariaDbCounts(Names names, Kinds kinds) {
        this.names = names;
        this.kinds = kinds;
    }

    @Override
    public List<JobCount> run(Transaction sql, Set<JobStatus> statuses) throws SQLException {
        StringJoiner all = new StringJoiner(" union all ");
        StringJoiner finished = new StringJoiner(", ");
        for (JobStatus status : EnumSet.copyOf(statuses)) {
            switch (status) {
                case PENDING -> all.add(WAITING);
                case PROCESSING -> all.add(RUNNING);
                case COMPLETED, FAILED, CANCELLED -> finished.add(Integer.toString(JobRows.code(status)));
            }
        }
        if (finished.length() > 0) {
            all.add(FINISHED.formatted(finished));
        }
        return sql.last(names.sql(all.toString()), none -> {}, row -> {
            Kinds.Kind kind = kinds.of(row.getInt(1));
            return JobCount.of(kind.queue(), kind.type(), JobRows.status(row.getInt(2)), row.getLong(3));
        });
    }
}
