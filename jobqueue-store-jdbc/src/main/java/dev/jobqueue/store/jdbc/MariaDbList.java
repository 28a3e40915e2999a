package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds a job, and lists pages: first where the jobs of the page are, then the jobs. All as it was at one moment, for a
 * reading transaction sees one.
 */
final class MariaDbList implements Tables.Lists {
    /** A page ends early when its attributes and memos come to this many bytes. */
    private static final int LARGE_PAGE = 4 * 1024 * 1024;

    private static final String FROM =
            MariaDbSpot.ROWS.formatted("spots") + " straight_join {job} j on j.id = unhex(s.hex)";

    /** All of a job but its payload, as {@link JobRows#JOB_AND_DETAIL} has it. */
    private static final String JOB = """
            s.lease, j.id, j.kind, j.priority, j.run_at, s.status, s.attempt, j.failures,
            case s.status when 2 then 0 else j.crashes end, s.owner, j.created_at,
            case when s.since is null or s.status = 1 and s.attempt = j.attempt then j.changed_at else s.since end,
            j.attributes, j.error, j.memo""";

    private static final String FIND = "begin declare spots longtext character set utf8mb4 default ?; select " + JOB
            + ", j.payload from " + FROM + "; end";

    private static final String READ = """
            begin
                declare spots longtext character set utf8mb4 default ?;
                declare fit int;
                select count(*) into fit from (
                    select sum(coalesce(octet_length(j.attributes), 0) + coalesce(octet_length(j.memo), 0))
                        over (order by s.no) as total from %s) totals
                where total < %d;
                select %s from %s where s.no <= fit + 1 order by s.no;
            end""".formatted(FROM, LARGE_PAGE, JOB, FROM);

    private final MariaDbPlaces places;
    private final MariaDbSpots spots;
    private final MariaDbLanes lanes;
    private final MariaDbRunning running;
    private final LeasedRows rows;
    private final String find;
    private final String read;

    MariaDbList(Names names, Kinds kinds, MariaDbKinds kindTable, MariaDbLeases leases) {
        this.places = new MariaDbPlaces(names, leases);
        this.spots = new MariaDbSpots(names, kinds, kindTable, places);
        this.lanes = new MariaDbLanes(names, kinds, kindTable);
        this.running = new MariaDbRunning(names, leases);
        this.rows = new LeasedRows(new JobRows(kinds));
        this.find = names.sql(FIND);
        this.read = names.sql(READ);
    }

    @Override
    public Optional<Job> find(Transaction sql, JobId id) throws SQLException {
        List<MariaDbSpot> found = places.spots(sql, Set.of(id));
        return sql.last(find, row -> row.text(MariaDbSpot.text(found)), rows::readWithPayload).stream()
                .findFirst();
    }

    @Override
    public JobPage run(Transaction sql, JobQuery query) throws SQLException {
        List<MariaDbSpot> found = spots(sql, query, ListCursor.of(query));
        List<JobRows.Numbered<JobInfo>> page = sql.last(read, row -> row.text(MariaDbSpot.text(found)), rows::read);
        boolean more = page.size() < found.size() || found.size() == query.limit();
        return JobPage.of(
                page.stream()
                        .map(JobRows.Numbered::job)
                        .filter(query.filter()::matches) // kind and run-at of what is running were not asked for
                        .toList(),
                more
                        ? Optional.of(ListCursor.of(query.order(), page.get(page.size() - 1))
                                .text())
                        : Optional.empty());
    }

    /** Those of the page, in its order. */
    private List<MariaDbSpot> spots(Transaction sql, JobQuery query, ListCursor after) throws SQLException {
        if (Conditions.isOfRunning(query)) {
            return running.page(sql, query, after);
        }
        return query.order() == JobOrder.CLAIM && query.filter().ids().isEmpty()
                ? lanes.page(sql, query, after)
                : spots.page(sql, query, after);
    }
}
