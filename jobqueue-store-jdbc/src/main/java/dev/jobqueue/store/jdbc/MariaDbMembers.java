package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Node;
import dev.jobqueue.store.End;
import dev.jobqueue.store.Heartbeat;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.Lapse;
import dev.jobqueue.store.NameHeldException;
import dev.jobqueue.store.NotMemberException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who is a member, and who has ended: the table {@code node}. Whoever writes an end locks the row for update first, for
 * which it waits until claims of that node are over. Times are the database's clock's at the beginning of the call, or a
 * test's: a lease that was waited for ends the earlier for it.
 */
final class MariaDbMembers implements Tables.Members {
    private static final Duration REMEMBERED = Duration.ofDays(1);

    private static final String BEGIN = """
            begin declare the_time bigint
                default coalesce(?, timestampdiff(microsecond, '1970-01-01', utc_timestamp(3)) div 1000);
            """;

    private static final String JOIN = BEGIN + """
                declare known, known_end, holder int;
                declare holding char(36) character set utf8mb4;
                declare wanted char(36) character set utf8mb4 default ?;
                declare wanted_name varchar(200) character set utf8mb4 default ?;
                declare wanted_lease bigint default ?;
                delete from {node} where ended_at < the_time - %d
                    and not exists (select 1 from {lease} l where l.node = {node}.node);
                select node, ended into known, known_end from {node} where incarnation = wanted for update;
                if known is not null then
                    update {node} set lease_until = the_time + lease where node = known and live;
                else
                    select node, incarnation into holder, holding from {node}
                    where name = wanted_name and live = true for update;
                    if holder is null or holding = ? then
                        update {node} set ended = %d, ended_at = the_time, live = null where node = holder;
                        insert into {node} (name, incarnation, lease, lease_until)
                        values (wanted_name, wanted, wanted_lease, the_time + wanted_lease);
                        set known = last_insert_id();
                    end if;
                end if;
                select known, known_end, holding;
            end""".formatted(REMEMBERED.toMillis(), Ends.code(End.SUPERSEDED));

    private static final String BEAT = BEGIN + """
                declare me int default ?;
                declare found int;
                update {node} set lease_until = the_time + lease where node = me and live;
                if row_count() = 1 or exists (select 1 from {node} where node = me and live) then
                    -- a lease further ahead than its node's leases are long was given by a clock that has gone back since
                    for ahead in (select node from {node} where live and lease_until > the_time + lease) do
                        set found = null;
                        select node into found from {node} where node = ahead.node and live for update skip locked;
                        update {node} set lease_until = the_time + lease where node = found;
                    end for;
                    $expire
                end if;
                select the_time, n.node, n.name, n.incarnation, n.lease, n.lease_until, n.ended
                from (select 1) one left join {node} n on n.node = me or n.live and n.lease_until < the_time;
            end""";

    private static final String EXPIRE = """
                    set found = null;
                    select node into found from {node}
                    where incarnation = ? and lease_until = ? and live and lease_until < the_time for update skip locked;
                    update {node} set ended = %d, ended_at = the_time, live = null where node = found;
            """.formatted(Ends.code(End.EXPIRED));

    private static final String LEAVE = BEGIN + """
                update {node} set ended = %d, ended_at = the_time, live = null where node = ? and live;
            end""".formatted(Ends.code(End.LEFT));

    private final @Nullable InstantSource clock;
    private final Names names;

    MariaDbMembers(Names names, Optional<InstantSource> clock) {
        this.clock = clock.orElse(null);
        this.names = names;
    }

    private @Nullable Long now() {
        return clock == null ? null : clock.instant().toEpochMilli();
    }

    private record Joined(
            @Nullable Integer node,
            @Nullable End ended,
            @Nullable String holder) {}

    @Override
    public int join(Transaction sql, JoinRequest request) throws SQLException {
        try {
            return tryToJoin(sql, request);
        } catch (SQLException e) {
            if (!MariaDbDialect.isDuplicate(e)) {
                throw e;
            }
            sql.rollBack(); // another of the same name came in at the same moment: now it is seen
            return tryToJoin(sql, request);
        }
    }

    private int tryToJoin(Transaction sql, JoinRequest request) throws SQLException {
        Node node = request.node();
        Joined joined = sql.last(
                        names.sql(JOIN),
                        row -> row.number(now())
                                .text(node.incarnation().toString())
                                .text(node.name())
                                .number(request.lease().toMillis())
                                .text(request.replaces()
                                        .filter(replaced -> replaced.name().equals(node.name()))
                                        .map(replaced -> replaced.incarnation().toString())
                                        .orElse(null)),
                        row -> new Joined((Integer) row.getObject(1), Ends.of(row.getObject(2)), row.getString(3)))
                .get(0);
        if (joined.ended() != null) {
            throw NotMemberException.ended(node, joined.ended());
        }
        if (joined.node() == null) {
            throw new NameHeldException(Node.of(node.name(), UUID.fromString(joined.holder())));
        }
        return joined.node();
    }

    private record Row(
            long now,
            int node,
            @Nullable Node member,
            long lease,
            long until,
            @Nullable End ended) {}

    @Override
    public Heartbeat heartbeat(Transaction sql, int node, Set<Lapse> silent) throws SQLException {
        List<Lapse> lapses = List.copyOf(silent);
        List<Row> rows = sql.last(
                names.sql(BEAT.replace("$expire", EXPIRE.repeat(lapses.size()))),
                parameters -> {
                    parameters.number(now()).number(node);
                    for (Lapse lapse : lapses) {
                        parameters
                                .text(lapse.node().incarnation().toString())
                                .number(lapse.leaseUntil().toEpochMilli());
                    }
                },
                row -> new Row(
                        row.getLong(1),
                        row.getInt(2),
                        row.getString(3) == null ? null : Node.of(row.getString(3), UUID.fromString(row.getString(4))),
                        row.getLong(5),
                        row.getLong(6),
                        Ends.of(row.getObject(7))));
        Optional<End> ended = rows.stream()
                .filter(row -> row.node() == node)
                .findFirst()
                .map(row -> Optional.ofNullable(row.ended()))
                .orElse(Optional.of(End.SUPERSEDED));
        List<Lapse> runOut = new ArrayList<>();
        for (Row row : rows) {
            if (row.member() != null && row.node() != node) {
                runOut.add(Lapse.of(row.member(), Instant.ofEpochMilli(row.until()), Duration.ofMillis(row.lease())));
            }
        }
        return Heartbeat.of(ended, Instant.ofEpochMilli(rows.get(0).now()), runOut);
    }

    @Override
    public boolean leave(Transaction sql, int node) throws SQLException {
        sql.last(names.sql(LEAVE), row -> row.number(now()).number(node), none -> none);
        return true;
    }
}
