package dev.jobqueue.store.jdbc;

import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobQuery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Pages of what is running, in the order of leases: so a page costs what is on it. */
final class MariaDbRunning {
    /** So many leases are read at first, for a page may need no more; then twice as many, and so on. */
    private static final int FEW = 16;

    private static final String READ = "select l.lease, l.version, l.jobs, " + MariaDbSpot.OWNER + ", l.claimed_at"
            + " from {lease} l left join {node} n on n.node = l.node where ";

    private final Names names;
    private final MariaDbLeases leases;

    MariaDbRunning(Names names, MariaDbLeases leases) {
        this.names = names;
        this.leases = leases;
    }

    /** What a lease must meet. Who is live is asked in the same statement, so nobody can join in between. */
    static void addConditions(Conditions where, JobFilter filter) {
        if (filter.orphaned()) {
            where.add("n.live is null", none -> {});
        }
        filter.owner()
                .ifPresent(owner -> where.add(
                        "l.node in (select o.node from {node} o where concat(o.name, '@', o.incarnation) = ?)",
                        row -> row.text(owner)));
    }

    List<MariaDbSpot> page(Transaction sql, JobQuery query, ListCursor after) throws SQLException {
        List<MariaDbSpot> page = new ArrayList<>();
        long from = after.number();
        for (int few = FEW; page.size() < query.limit(); few *= 2) {
            List<List<MariaDbSpot>> found = read(sql, query.filter(), from, few);
            for (List<MariaDbSpot> lease : found) {
                from = lease.get(0).lease() + 1;
                lease.stream().filter(spot -> isAfter(spot, after)).forEach(page::add);
            }
            if (found.size() < few) {
                break;
            }
        }
        return List.copyOf(page.subList(0, Math.min(page.size(), query.limit())));
    }

    private static boolean isAfter(MariaDbSpot spot, ListCursor after) {
        return spot.lease() > after.number() || spot.id().compareTo(after.id()) > 0;
    }

    private List<List<MariaDbSpot>> read(Transaction sql, JobFilter filter, long from, int few) throws SQLException {
        Conditions where = new Conditions().add("l.lease >= ?", row -> row.number(from));
        addConditions(where, filter);
        return sql.query(names.sql(READ + where.text() + " order by l.lease limit " + few), where::bind, this::read);
    }

    private List<MariaDbSpot> read(ResultSet row) throws SQLException {
        MariaDbLeases.Lease lease = MariaDbLeases.Lease.parse(row.getLong(1), row.getInt(2), row.getString(3));
        leases.put(lease);
        List<MariaDbSpot> spots =
                new ArrayList<>(MariaDbPlaces.spots(lease, row.getString(4), row.getBoolean(5), row.getLong(6)));
        spots.sort(Comparator.comparing(MariaDbSpot::id));
        return spots;
    }
}
