package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Rows as {@link JobRows} reads them, whose number is that of the job's lease: it becomes the job's hint. */
final class LeasedRows {
    private final JobRows rows;

    LeasedRows(JobRows rows) {
        this.rows = rows;
    }

    JobRows.Numbered<JobInfo> read(ResultSet row) throws SQLException {
        JobRows.Numbered<JobInfo> read = rows.readAll(row);
        return new JobRows.Numbered<>(read.no(), hinted(read.no(), read.job()));
    }

    Job readWithPayload(ResultSet row) throws SQLException {
        JobRows.Numbered<Job> read = rows.readWithPayload(row);
        return read.job().withInfo(hinted(read.no(), read.job().info()));
    }

    /** A job that is in no lease has a null, which JDBC reads as 0, and no lease has that number. */
    private static JobInfo hinted(long lease, JobInfo job) {
        return lease == 0 ? job : job.toBuilder().hint(Long.toString(lease)).build();
    }
}
