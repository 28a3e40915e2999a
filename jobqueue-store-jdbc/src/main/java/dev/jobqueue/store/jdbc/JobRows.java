package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;

/** A job as rows, and back: the table {@code job} as {@code j}, and {@code detail} as {@code d}. */
final class JobRows {
    /** What a status change needs to see, and may write. */
    static final String JOB = "j.no, j.id, j.kind, j.priority, j.run_at, j.status, j.attempt, j.failures, j.crashes,"
            + " j.owner, j.created_at, j.changed_at";

    /** The head of an insert of such rows. */
    static final String INSERT_JOBS = "insert into job (" + JOB.replace("j.", "") + ") values";

    static final int JOB_COLUMNS = 12;

    /** All but the payload, which {@link #AFTER_DETAIL} may hold. */
    static final String JOB_AND_DETAIL = JOB + ", d.attributes, d.error, d.memo";

    static final int AFTER_DETAIL = JOB_COLUMNS + 4;

    private final Kinds kinds;

    JobRows(Kinds kinds) {
        this.kinds = kinds;
    }

    /** A job and the number of its row. */
    record Numbered<T>(long no, T job) {}

    /** A row of {@link #JOB}: no attributes, error or memo. */
    Numbered<JobInfo> readJob(ResultSet row) throws SQLException {
        return numbered(row, one -> job(one).build());
    }

    /** A row of {@link #JOB_AND_DETAIL}. */
    Numbered<JobInfo> readAll(ResultSet row) throws SQLException {
        return numbered(row, this::jobAndDetail);
    }

    /** A row of {@link #JOB_AND_DETAIL} and the payload. */
    Numbered<Job> readWithPayload(ResultSet row) throws SQLException {
        return numbered(row, one -> Job.of(jobAndDetail(one), one.getBytes(AFTER_DETAIL)));
    }

    /** What no job can hold is the database's fault, not the caller's. */
    private static <T> Numbered<T> numbered(ResultSet row, Statements.RowReader<T> reader) throws SQLException {
        try {
            return new Numbered<>(row.getLong(1), reader.read(row));
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            throw new SQLException("row " + row.getLong(1) + " of job holds what no job can: " + e.getMessage(), e);
        }
    }

    private JobInfo jobAndDetail(ResultSet row) throws SQLException {
        JobInfo.Builder job = job(row);
        String attributes = row.getString(JOB_COLUMNS + 1);
        if (attributes != null) {
            job.attributes(AttributesText.parse(attributes));
        }
        return job.error(row.getString(JOB_COLUMNS + 2))
                .memo(row.getBytes(JOB_COLUMNS + 3))
                .build();
    }

    private JobInfo.Builder job(ResultSet row) throws SQLException {
        Kinds.Kind kind = kinds.of(row.getInt(3));
        JobStatus status = status(row.getInt(6));
        Instant changedAt = Instant.ofEpochMilli(row.getLong(12));
        return JobInfo.builder(id(row.getBytes(2)), kind.type(), Instant.ofEpochMilli(row.getLong(11)))
                .queue(kind.queue())
                .priority(row.getInt(4))
                .runAt(Instant.ofEpochMilli(row.getLong(5)))
                .status(status)
                .attempt(row.getInt(7))
                .failures(row.getInt(8))
                .crashes(row.getInt(9))
                .owner(row.getString(10))
                .changedAt(changedAt)
                .finishedAt(status.isFinal() ? changedAt : null); // nothing changes a final job any more
    }

    /** Binds a row of {@link #JOB}. */
    void bind(Parameters row, Numbered<JobInfo> numbered) throws SQLException {
        JobInfo job = numbered.job();
        row.number(numbered.no())
                .bytes(bytes(job.id()))
                .number(kinds.number(Kinds.Kind.of(job)))
                .number(job.priority())
                .number(job.runAt().toEpochMilli())
                .number(code(job.status()))
                .number(job.attempt())
                .number(job.failures())
                .number(job.crashes())
                .text(job.owner().orElse(null))
                .number(job.createdAt().toEpochMilli())
                .number(job.changedAt().toEpochMilli());
    }

    static byte[] bytes(JobId id) {
        return ByteBuffer.allocate(16)
                .putLong(id.value().getMostSignificantBits())
                .putLong(id.value().getLeastSignificantBits())
                .array();
    }

    static JobId id(byte[] bytes) {
        ByteBuffer id = ByteBuffer.wrap(bytes);
        return JobId.of(new UUID(id.getLong(), id.getLong()));
    }

    /** How a status is stored. Never changed, only added to. */
    static int code(JobStatus status) {
        return switch (status) {
            case PENDING -> 0;
            case PROCESSING -> 1;
            case COMPLETED -> 2;
            case FAILED -> 3;
            case CANCELLED -> 4;
        };
    }

    static JobStatus status(int code) throws SQLException {
        return switch (code) {
            case 0 -> JobStatus.PENDING;
            case 1 -> JobStatus.PROCESSING;
            case 2 -> JobStatus.COMPLETED;
            case 3 -> JobStatus.FAILED;
            case 4 -> JobStatus.CANCELLED;
            default -> throw new SQLException("a job's status is 0 to 4, but was " + code);
        };
    }
}
