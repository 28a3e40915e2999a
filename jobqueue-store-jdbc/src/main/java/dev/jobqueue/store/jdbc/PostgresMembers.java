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
 * which it waits until claims of that node are over. Times are the database's clock's, or a test's.
 */
final class PostgresMembers implements Tables.Members {
    private static final Duration REMEMBERED = Duration.ofDays(1);

    /** The store's time in milliseconds, for {@code $now}; its one parameter is the test's time, or null. */
    private static final String NOW = "coalesce(?::bigint, (extract(epoch from clock_timestamp()) * 1000)::bigint)";

    private static final String FORGET = """
            delete from {node} n
            where n.ended_at < $now - %d and not exists (select from {lease} l where l.node = n.node)
            """.formatted(REMEMBERED.toMillis());

    private static final String KNOWN = "select node, ended from {node} where incarnation = ?::uuid";

    private static final String RENEW = "update {node} set lease_until = $now + lease where node = ? and ended is null";

    private static final String HOLDER =
            "select node, incarnation from {node} where name = ? and ended is null for update";

    private static final String END = "update {node} set ended = ?, ended_at = $now where node = ? and ended is null";

    private static final String ENTER = """
            insert into {node} (name, incarnation, lease, lease_until)
            select ?, ?::uuid, lease, $now + lease from (values (?::bigint)) l(lease) returning node""";

    /** A lease further ahead than its node's leases are long was given by a clock that has gone back since. */
    private static final String CUT = """
            ; with ahead as (
                select node from {node}
                where ended is null and lease_until > $now + lease
                    and exists (select from {node} me where me.node = ? and me.ended is null)
                for update skip locked)
            update {node} n set lease_until = $now + n.lease from ahead where n.node = ahead.node
            """;

    private static final String EXPIRE = """
            ; with silent as (
                select n.node from unnest(?::uuid[], ?::bigint[]) s(incarnation, until)
                join {node} n on n.incarnation = s.incarnation and n.lease_until = s.until
                where n.ended is null and n.lease_until < $now
                    and exists (select from {node} me where me.node = ? and me.ended is null)
                for update of n skip locked)
            update {node} n set ended = ?, ended_at = $now from silent where n.node = silent.node
            """;

    private static final String STATE = """
            ; select t.now, n.node, n.name, n.incarnation, n.lease, n.lease_until, n.ended
            from (select $now as now) t
            left join {node} n on n.node = ? or n.ended is null and n.lease_until < t.now""";

    private static final String LEAVE = """
            with me as (select node from {node} where node = ? and ended is null for update)
            update {node} n set ended = ?, ended_at = $now from me where n.node = me.node""";

    private final @Nullable InstantSource clock;
    private final String forget;
    private final String known;
    private final String renew;
    private final String holder;
    private final String end;
    private final String enter;
    private final String beat;
    private final String beatAndExpire;
    private final String leave;

    PostgresMembers(Names names, Optional<InstantSource> clock) {
        this.clock = clock.orElse(null);
        forget = sql(names, FORGET);
        known = sql(names, KNOWN);
        renew = sql(names, RENEW);
        holder = sql(names, HOLDER);
        end = sql(names, END);
        enter = sql(names, ENTER);
        beat = sql(names, RENEW + CUT + STATE);
        beatAndExpire = sql(names, RENEW + CUT + EXPIRE + STATE);
        leave = sql(names, LEAVE);
    }

    private static String sql(Names names, String text) {
        return names.sql(text.replace("$now", NOW));
    }

    private @Nullable Long now() {
        return clock == null ? null : clock.instant().toEpochMilli();
    }

    private record Member(int node, @Nullable End ended) {}

    private record Holder(int no, Node node) {}

    /** Lets the node in; its number. */
    @Override
    public int join(Transaction sql, JoinRequest request) throws SQLException {
        try {
            return tryToJoin(sql, request);
        } catch (SQLException e) {
            if (!PostgresDialect.isUniqueViolation(e)) {
                throw e;
            }
            sql.rollBack(); // another of the same name came in at the same moment: now it is seen
            return tryToJoin(sql, request);
        }
    }

    private int tryToJoin(Transaction sql, JoinRequest request) throws SQLException {
        Node node = request.node();
        String incarnation = node.incarnation().toString();
        sql.query(forget, row -> row.number(now()), none -> none);
        List<Member> before = sql.query(
                known, row -> row.text(incarnation), row -> new Member(row.getInt(1), Ends.of(row.getObject(2))));
        if (!before.isEmpty()) {
            return joinAgain(sql, node, before.get(0));
        }
        List<Holder> holders = sql.query(
                holder,
                row -> row.text(node.name()),
                row -> new Holder(row.getInt(1), Node.of(node.name(), row.getObject(2, UUID.class))));
        for (Holder one : holders) {
            if (!request.replaces().equals(Optional.of(one.node()))) {
                throw new NameHeldException(one.node());
            }
            sql.query(
                    end,
                    row -> row.number(Ends.code(End.SUPERSEDED)).number(now()).number(one.no()),
                    none -> none);
        }
        return sql.last(
                        enter,
                        row -> row.text(node.name())
                                .text(incarnation)
                                .number(now())
                                .number(request.lease().toMillis()),
                        row -> row.getInt(1))
                .get(0);
    }

    private int joinAgain(Transaction sql, Node node, Member before) throws SQLException {
        if (before.ended() != null) {
            throw NotMemberException.ended(node, before.ended());
        }
        sql.last(renew, row -> row.number(now()).number(before.node()), none -> none);
        return before.node();
    }

    private record Row(
            long now,
            int node,
            @Nullable Node member,
            long lease,
            long until,
            @Nullable End ended) {}

    /** Renews, expires, and tells, in one round trip but three statements: so the last sees who was waited for. */
    @Override
    public Heartbeat heartbeat(Transaction sql, int node, Set<Lapse> silent) throws SQLException {
        List<Lapse> lapses = List.copyOf(silent);
        List<Row> rows = sql.last(
                silent.isEmpty() ? beat : beatAndExpire,
                parameters -> {
                    parameters.number(now()).number(node);
                    parameters.number(now()).number(node).number(now());
                    if (!silent.isEmpty()) {
                        new PostgresColumns<>(parameters, lapses)
                                .uuid(lapse -> lapse.node().incarnation())
                                .int8(lapse -> lapse.leaseUntil().toEpochMilli());
                        parameters
                                .number(now())
                                .number(node)
                                .number(Ends.code(End.EXPIRED))
                                .number(now());
                    }
                    parameters.number(now()).number(node);
                },
                row -> new Row(
                        row.getLong(1),
                        row.getInt(2),
                        row.getString(3) == null ? null : Node.of(row.getString(3), row.getObject(4, UUID.class)),
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

    /** Writes the end, unless there is one. */
    @Override
    public boolean leave(Transaction sql, int node) throws SQLException {
        sql.last(leave, row -> row.number(node).number(Ends.code(End.LEFT)).number(now()), none -> none);
        return true;
    }
}
