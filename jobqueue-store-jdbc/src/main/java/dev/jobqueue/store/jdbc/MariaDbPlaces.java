package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where jobs are, whoever asks; and what was read of leases meanwhile is remembered. */
final class MariaDbPlaces implements Writer.Places {
    /** Of more jobs than these all leases are read: to look for each in each would take longer. */
    private static final int FEW = 20;

    private static final String WITH_SOME = "where exists (select 1 from $asked where locate(a.hex, l.jobs) > 0)";

    /** In one statement, so all that is found was so at one moment. A job that is nowhere else waits. */
    private static final String FIND = """
            begin
                declare asked longtext character set utf8mb4 default ?;
                select j.id, 0 as status, j.attempt, 0 as lease, null as owner, false as orphaned, null as since,
                    0 as version, null as jobs
                from $asked straight_join {job} j on j.id = unhex(a.hex)
                union all
                select f.id, f.status, f.attempt, 0, null, false, f.finished_at, 0, null
                from $asked straight_join {finished} f on f.id = unhex(a.hex)
                union all
                select null, 1, 0, l.lease, $owner, l.claimed_at, l.version, l.jobs
                from {lease} l left join {node} n on n.node = l.node %s;
            end""";

    private final MariaDbLeases leases;
    private final String findFew;
    private final String findMany;

    MariaDbPlaces(Names names, MariaDbLeases leases) {
        this.leases = leases;
        this.findFew = names.sql(find(WITH_SOME));
        this.findMany = names.sql(find(""));
    }

    private static String find(String which) {
        return FIND.formatted(which)
                .replace("$asked", "json_table(asked, '$[*]' columns (hex char(32) path '$')) a")
                .replace("$owner", MariaDbSpot.OWNER);
    }

    private String find(Collection<JobId> ids) {
        return ids.size() > FEW ? findMany : findFew;
    }

    @Override
    public Map<JobId, Writer.Place> find(Transaction sql, Collection<JobId> ids) throws SQLException {
        Map<JobId, Writer.Place> places = new HashMap<>();
        merged(ids, sql.last(find(ids), row -> row.text(text(ids)), this::read))
                .forEach((id, spot) -> places.put(id, new Writer.Place(spot.status(), spot.attempt(), spot.lease())));
        return places;
    }

    /** The same, with more of it, in a transaction that goes on. */
    List<MariaDbSpot> spots(Transaction sql, Collection<JobId> ids) throws SQLException {
        return List.copyOf(merged(ids, sql.query(find(ids), row -> row.text(text(ids)), this::read))
                .values());
    }

    private static String text(Collection<JobId> ids) {
        return MariaDbRows.list(ids.stream().map(MariaDbLeases::hex).toList());
    }

    private static Map<JobId, MariaDbSpot> merged(Collection<JobId> ids, List<List<MariaDbSpot>> rows) {
        Map<JobId, MariaDbSpot> found = new HashMap<>();
        rows.forEach(row -> row.forEach(spot -> found.merge(spot.id(), spot, MariaDbSpot::later)));
        found.keySet().retainAll(ids);
        return found;
    }

    /** Of a row: the job's spot, or those of all jobs of a lease. */
    private List<MariaDbSpot> read(ResultSet row) throws SQLException {
        byte[] id = row.getBytes(1);
        @Nullable Long since = row.getObject(7) == null ? null : row.getLong(7);
        if (id != null) {
            JobStatus status = JobRows.status(row.getInt(2));
            return List.of(new MariaDbSpot(JobRows.id(id), status, row.getInt(3), 0, null, false, since));
        }
        MariaDbLeases.Lease lease = MariaDbLeases.Lease.parse(row.getLong(4), row.getInt(8), row.getString(9));
        leases.put(lease);
        return spots(lease, row.getString(5), row.getBoolean(6), row.getLong(7));
    }

    /** Those of a lease's jobs. */
    static List<MariaDbSpot> spots(MariaDbLeases.Lease lease, String owner, boolean orphaned, long since) {
        List<MariaDbSpot> spots = new ArrayList<>();
        lease.jobs()
                .forEach((id, attempt) -> spots.add(
                        new MariaDbSpot(id, JobStatus.PROCESSING, attempt, lease.no(), owner, orphaned, since)));
        return spots;
    }
}
