package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.End;
import dev.jobqueue.store.NotMemberException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Claims due jobs, in one block.
 *
 * <p>The node's row is locked in share mode first, and all else depends on it: who ends the node locks the row for update,
 * so a claim is over before the end is written, or sees it. Then what has become due is moved, and each slot's lanes (a
 * kind, suspects or not) are read in their order and locked; what another claim has locked is passed over. What was taken
 * is listed as JSON, for MariaDB gives no rows that it deletes to the next statement. It would look for an alias of a table to
 * delete from in the session's database: so such tables have none.
 */
final class MariaDbClaim implements Tables.Claims {
    /** How many delayed jobs become due with one claim. */
    private static final int PROMOTED = 1_000;

    private static final String MOVED = """
            json_table(concat('[', moved, ']'), '$[*]' columns (
                suspect int path '$[0]', kind int path '$[1]', priority int path '$[2]', run_at bigint path '$[3]',
                id char(32) path '$[4]', attempt int path '$[5]')) c""";

    private static final String KEYS = "group_concat(json_array(suspect, kind, priority, run_at, hex(id), attempt)) ";

    private static final String BEGIN = """
            begin
                declare the_time bigint default ?;
                declare me int default ?;
                declare room int default ?;
                declare my_node, my_end, most, got int;
                declare moved, entries, listed longtext character set utf8mb4;
                declare new_lease, next_due bigint;
                select node, ended into my_node, my_end from {node} where node = me lock in share mode;
                if my_node is not null and my_end is null then
                    if exists (select 1 from {later} where run_at <= the_time) then
                        select $keys into moved from (
                            select * from {later} where run_at <= the_time
                            order by run_at, id limit %d for update skip locked) due;
                        if moved is not null then
                            insert into {ready} (suspect, kind, priority, run_at, id, attempt)
                            select suspect, kind, priority, run_at, unhex(id), attempt from $moved;
                            delete {later} from $moved
                            straight_join {later} on {later}.run_at = c.run_at and {later}.id = unhex(c.id);
                        end if;
                    end if;
            """.formatted(PROMOTED);

    private static final String SLOT = """
                    set most = least(room, %d);
                    if most > 0 then
                        select count(*), $keys, group_concat('["', hex(id), '",', attempt + 1, ']')
                        into got, moved, entries from (%s order by priority, run_at, id limit most) due;
                        if got > 0 then
                            delete {ready} from $moved
                            straight_join {ready} on {ready}.suspect = c.suspect and {ready}.kind = c.kind
                                and {ready}.priority = c.priority and {ready}.run_at = c.run_at
                                and {ready}.id = unhex(c.id);
                            set room = room - got, listed = concat_ws(',', listed, entries);
                        end if;
                    end if;
            """;

    private static final String LANE = "(select suspect, kind, priority, run_at, id, attempt from {ready}"
            + " where suspect = %s and kind = %d and run_at <= the_time"
            + " order by priority, run_at, id limit most for update skip locked)";

    /** The earliest run-at in the lanes: a look at the first job of each priority in each. */
    private static final String NEXT_DUE = """
                    if room > 0 then
                        select min(least(
                            coalesce((select r.run_at from {ready} r where r.suspect = lane.suspect
                                and r.kind = lane.kind and r.priority = p.priority order by r.run_at limit 1), %1$d),
                            coalesce((select t.run_at from {later} t where t.suspect = lane.suspect
                                and t.kind = lane.kind and t.priority = p.priority order by t.run_at limit 1), %1$d)))
                        into next_due from (%2$s) lane cross join (
                            select 0 as priority union all select 1 union all select 2 union all select 3 union all
                            select 4 union all select 5 union all select 6 union all select 7 union all select 8
                            union all select 9) p;
                    end if;
            """;

    private static final String END = """
                    if listed is not null then
                        set listed = concat('[', listed, ']');
                        insert into {lease} (node, claimed_at, jobs) values (me, the_time, listed);
                        set new_lease = last_insert_id();
                    end if;
                end if;
                select new_lease, j.id, j.kind, j.priority, j.run_at, 1, t.attempt, j.failures, j.crashes, ?,
                    j.created_at, the_time, j.attributes, j.error, j.memo, j.payload, my_node, my_end, next_due
                from (select 1) one left join (
                    json_table(coalesce(listed, '[]'), '$[*]' columns (
                        id char(32) path '$[0]', attempt int path '$[1]')) t
                    straight_join {job} j on j.id = unhex(t.id)) on true;
            end""";

    private static final int AFTER_JOB = JobRows.AFTER_DETAIL;

    private final Names names;
    private final Lanes lanes;
    private final LeasedRows rows;
    private final MariaDbLeases leases;

    MariaDbClaim(Names names, Kinds kinds, LeasedRows rows, MariaDbLeases leases) {
        this.names = names;
        this.lanes = new Lanes(kinds);
        this.rows = rows;
        this.leases = leases;
    }

    /** A row of the answer: a job, if there is one, and what there is to say of the claim. */
    private record Row(
            @Nullable Job job,
            boolean known,
            @Nullable End ended,
            @Nullable Long nextDue) {}

    @Override
    public Claimed run(Database database, int no, Node node, ClaimRequest request) {
        String block = block(request);
        List<Row> answer = database.write(
                "claim",
                sql -> sql.last(
                        block,
                        row -> row.number(request.now().toEpochMilli())
                                .number(no)
                                .number(request.limit())
                                .text(node.text()),
                        this::read));
        Row first = answer.get(0);
        if (!first.known()) {
            throw NotMemberException.unknown(node);
        }
        if (first.ended() != null) {
            throw NotMemberException.ended(node, first.ended());
        }
        List<Job> claimed = answer.stream()
                .map(Row::job)
                .filter(Objects::nonNull)
                .sorted(Lanes.bestFirst(request.slots()))
                .toList();
        remember(claimed);
        return Claimed.of(
                claimed,
                Optional.ofNullable(first.nextDue())
                        .filter(due -> due < JobInfo.NEVER.toEpochMilli())
                        .map(Instant::ofEpochMilli));
    }

    private Row read(ResultSet row) throws SQLException {
        @Nullable Job job = row.getBytes(2) == null ? null : rows.readWithPayload(row);
        boolean known = row.getObject(AFTER_JOB + 1) != null;
        @Nullable Long nextDue = row.getObject(AFTER_JOB + 3) == null ? null : row.getLong(AFTER_JOB + 3);
        return new Row(job, known, Ends.of(row.getObject(AFTER_JOB + 2)), nextDue);
    }

    private void remember(List<Job> claimed) {
        if (!claimed.isEmpty()) {
            Map<JobId, Integer> listed = new LinkedHashMap<>();
            claimed.forEach(job -> listed.put(job.id(), job.info().attempt()));
            long lease = Long.parseLong(claimed.get(0).info().hint().orElseThrow());
            leases.put(new MariaDbLeases.Lease(lease, 0, listed));
        }
    }

    private String block(ClaimRequest request) {
        StringBuilder block = new StringBuilder(BEGIN);
        for (ClaimSlot slot : request.slots()) {
            String asked = lanes.of(List.of(slot)).stream()
                    .map(lane -> LANE.formatted(lane.suspect(), lane.kind()))
                    .collect(Collectors.joining(" union all "));
            block.append(SLOT.formatted(slot.limit(), asked));
        }
        String asked = lanes.of(request.slots()).stream()
                .map(lane -> "select " + lane.suspect() + " as suspect, " + lane.kind() + " as kind")
                .collect(Collectors.joining(" union "));
        block.append(NEXT_DUE.formatted(JobInfo.NEVER.toEpochMilli(), asked)).append(END);
        return names.sql(block.toString().replace("$keys", KEYS).replace("$moved", MOVED));
    }
}
