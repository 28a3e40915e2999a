package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a job is, and since when.
 *
 * @param lease the number of its lease, or 0
 * @param owner while it is in a lease
 * @param orphaned whether that owner has ended
 * @param since when it was claimed or became final
 */
record MariaDbSpot(
        JobId id,
        JobStatus status,
        int attempt,
        long lease,
        @Nullable String owner,
        boolean orphaned,
        @Nullable Long since) {
    /** Rows of {@link #text}, which is the one argument, as {@code s}; {@code no} is their place in it. */
    static final String ROWS = """
            json_table(%s, '$[*]' columns (
                no for ordinality, hex char(32) path '$[0]', status int path '$[1]', attempt int path '$[2]',
                lease bigint path '$[3]', owner varchar(300) path '$[4]', since bigint path '$[5]')) s""";

    /** The owner of lease {@code l}, whose node, if it is known, is {@code n}; and whether it has ended. */
    static final String OWNER =
            "coalesce(concat(n.name, '@', n.incarnation), concat('node ', l.node)) as owner, n.live is null as orphaned";

    static String text(List<MariaDbSpot> spots) {
        return MariaDbRows.of(
                spots,
                (row, spot) -> row.text(MariaDbLeases.hex(spot.id()))
                        .number(JobRows.code(spot.status()))
                        .number(spot.attempt())
                        .number(spot.lease())
                        .text(spot.owner())
                        .number(spot.since()));
    }

    /** The later of two statuses of a job is the right one. */
    static MariaDbSpot later(MariaDbSpot one, MariaDbSpot other) {
        return one.status().compareTo(other.status()) > 0 ? one : other;
    }
}
