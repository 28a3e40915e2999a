package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.Heartbeat;
import dev.jobqueue.store.JobCount;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.Lapse;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What a store does with its tables, which each database has in its own SQL.
 *
 * @param callersWriter gives a writer for one transaction of a caller's
 */
record Tables(
        KindTable kindTable,
        Writer writer,
        Supplier<Writer> callersWriter,
        Claims claims,
        Lists lists,
        Counts counts,
        Members members) {

    /** The numbers of kinds, to which every process adds. */
    interface KindTable {
        /** Reads them all; how many. */
        int load(Transaction sql) throws SQLException;

        /** Makes sure that these have numbers, and that the numbers are known here. In a transaction of its own. */
        int number(Transaction sql, Set<Kinds.Kind> unknown) throws SQLException;
    }

    /** Due jobs to a node. */
    interface Claims {
        /** Takes jobs for this node, whose row has this number; each asked kind has a number. */
        Claimed run(Database database, int no, Node node, ClaimRequest request);
    }

    /** Finds a job, and lists pages. */
    interface Lists {
        Optional<Job> find(Transaction sql, JobId id) throws SQLException;

        JobPage run(Transaction sql, JobQuery query) throws SQLException;
    }

    /** Counts jobs. */
    interface Counts {
        List<JobCount> run(Transaction sql, Set<JobStatus> statuses) throws SQLException;
    }

    /** Who is a member, and who has ended. */
    interface Members {
        /** Lets the node in; the number of its row. */
        int join(Transaction sql, JoinRequest request) throws SQLException;

        /** Renews, expires, and tells. */
        Heartbeat heartbeat(Transaction sql, int node, Set<Lapse> silent) throws SQLException;

        /** Writes the end, unless there is one. */
        boolean leave(Transaction sql, int node) throws SQLException;
    }
}
