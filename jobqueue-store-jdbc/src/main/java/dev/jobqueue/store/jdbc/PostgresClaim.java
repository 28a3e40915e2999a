package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.NotMemberException;
import dev.jobqueue.store.StoreException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Claims due jobs, in one statement after the one that moves what has become due.
 *
 * <p>The node's row is locked for key share first, and all else depends on it: who ends the node locks the row for update,
 * so a claim is over before the end is written, or sees it. Then each slot's lanes (a kind, suspects or not) are read in
 * their order, ahead by a measure, merged, and locked one by one until there are enough; what another claim has locked is
 * passed over. Rows are found again by their place, which holds because nobody updates them.
 */
final class PostgresClaim implements Tables.Claims {
    /** How many delayed jobs become due with one claim. */
    private static final int PROMOTED = 1_000;

    private static final String PROMOTE = """
            with due as (
                delete from {later} where ctid = any(array(
                    select ctid from {later} where run_at <= ? order by run_at, id limit %d for update skip locked))
                returning suspect, kind, priority, run_at, id, attempt)
            insert into {ready} (suspect, kind, priority, run_at, id, attempt) select * from due;
            """.formatted(PROMOTED);

    private static final String CLAIM = """
            with me as materialized (
                select node from {node} where node = ? and ended is null for key share),
            taken as (
                delete from {ready} where ctid = any(array(
                    select best.place
                    from me cross join unnest(?::int[]) with ordinality slot(most, no)
                    cross join lateral (
                        select due.place
                        from (
                            select ahead.place
                            from unnest(?::int[], ?::int[], ?::boolean[]) lane(slot, kind, suspect)
                            cross join lateral (
                                select r.ctid as place, r.priority, r.run_at, r.id from {ready} r
                                where r.suspect = lane.suspect and r.kind = lane.kind and r.run_at <= ?
                                order by r.priority, r.run_at, r.id limit %s) ahead
                            where lane.slot = slot.no
                            order by ahead.priority, ahead.run_at, ahead.id) due%s
                        limit slot.most) best
                    limit ?))
                returning id, attempt + 1 as attempt),
            leased as (
                insert into {lease} (node, claimed_at, ids, attempts)
                select me.node, ?, array_agg(t.id), array_agg(t.attempt) from me cross join taken t group by me.node
                returning lease, claimed_at)
            select l.lease, uuid_send(j.id), j.kind, j.priority, j.run_at, 1, t.attempt, j.failures, j.crashes, ?::text,
                j.created_at, l.claimed_at, j.attributes::text, j.error, j.memo, j.payload
            from leased l cross join taken t cross join lateral (select * from {job} where id = t.id limit 1) j""";

    /** One kind of one queue, suspects and others. */
    private static final int FEW_LANES = 2;

    private static final String SKIP_LOCKED = " for update skip locked";

    /** For many lanes: locked one by one as they are merged. */
    private static final String LOCKED_WHEN_MERGED = CLAIM.formatted(
            "?", " cross join lateral (select from {ready} r where r.ctid = due.place" + SKIP_LOCKED + ") locked");

    /**
     * For few lanes: locked as they are found, which is a third cheaper. Of many it would lock as many in each as are to be
     * claimed in all.
     */
    private static final String LOCKED_WHEN_FOUND = CLAIM.formatted("slot.most" + SKIP_LOCKED, "");

    /** What became of the node, and the earliest run-at in the lanes: a look at the first job of each priority in each. */
    private static final String AFTERWARDS = """
            select (select coalesce(ended, -1) from {node} where node = ?), (
                select min(first.run_at)
                from unnest(?::int[], ?::boolean[]) lane(kind, suspect)
                cross join generate_series(0, 9) p(priority)
                cross join lateral (
                    (select r.run_at from {ready} r
                        where r.suspect = lane.suspect and r.kind = lane.kind and r.priority = p.priority
                        order by r.run_at limit 1)
                    union all
                    (select r.run_at from {later} r
                        where r.suspect = lane.suspect and r.kind = lane.kind and r.priority = p.priority
                        order by r.run_at limit 1)) first)""";

    private final Lanes lanes;
    private final LeasedRows rows;
    private final String claimOfMany;
    private final String claimOfFew;
    private final String afterwards;

    PostgresClaim(Names names, Kinds kinds, LeasedRows rows) {
        this.lanes = new Lanes(kinds);
        this.rows = rows;
        this.claimOfMany = names.sql(PROMOTE + LOCKED_WHEN_MERGED);
        this.claimOfFew = names.sql(PROMOTE + LOCKED_WHEN_FOUND);
        this.afterwards = names.sql(AFTERWARDS);
    }

    /** Takes them, and says more if they are fewer than asked. */
    @Override
    public Claimed run(Database database, int no, Node node, ClaimRequest request) {
        List<Job> claimed = database.write("claim", sql -> run(sql, no, node, request));
        return claimed.size() < request.limit()
                ? afterwards(database, no, node, request, claimed)
                : Claimed.of(claimed, Optional.empty());
    }

    private Claimed afterwards(Database database, int no, Node node, ClaimRequest request, List<Job> claimed) {
        try {
            return database.read("claim", sql -> shortOf(sql, no, node, request, claimed));
        } catch (StoreException e) {
            if (claimed.isEmpty()) {
                throw e;
            }
            return Claimed.of(claimed, Optional.of(request.now())); // they are claimed: come again to learn the rest
        }
    }

    /** Takes jobs; a run of slots that share no lane is one round trip, and mostly that is all of them. */
    private List<Job> run(Transaction sql, int node, Node by, ClaimRequest request) throws SQLException {
        List<Job> claimed = new ArrayList<>();
        List<List<ClaimSlot>> runs = disjoint(request.slots());
        for (int i = 0; i < runs.size(); i++) {
            int room = request.limit() - claimed.size();
            claimed.addAll(take(sql, node, by, request.now(), runs.get(i), room, i == runs.size() - 1));
        }
        return claimed;
    }

    private List<List<ClaimSlot>> disjoint(List<ClaimSlot> slots) {
        List<List<ClaimSlot>> runs = new ArrayList<>();
        Set<Lanes.Lane> seen = new HashSet<>();
        for (ClaimSlot slot : slots) {
            List<Lanes.Lane> alike =
                    lanes.of(List.of(slot)).stream().map(Lanes.Lane::jobs).toList();
            if (runs.isEmpty() || alike.stream().anyMatch(seen::contains)) {
                seen.clear();
                runs.add(new ArrayList<>());
            }
            seen.addAll(alike);
            runs.get(runs.size() - 1).add(slot);
        }
        return runs;
    }

    private List<Job> take(
            Transaction sql, int node, Node by, Instant now, List<ClaimSlot> slots, int room, boolean last)
            throws SQLException {
        List<Lanes.Lane> asked = lanes.of(slots);
        boolean few = asked.size() <= FEW_LANES;
        List<Integer> most =
                slots.stream().map(slot -> Math.min(slot.limit(), room)).toList();
        Parameters.Binding binding = row -> {
            row.number(now.toEpochMilli()).number(node);
            new PostgresColumns<>(row, most).int4(jobs -> jobs);
            new PostgresColumns<>(row, asked)
                    .int4(Lanes.Lane::slot)
                    .int4(Lanes.Lane::kind)
                    .bool(Lanes.Lane::suspect);
            row.number(now.toEpochMilli());
            if (!few) {
                row.number(2L * Collections.max(most) + 50); // so many more than it needs may others have locked
            }
            row.number(room).number(now.toEpochMilli()).text(by.text());
        };
        String claim = few ? claimOfFew : claimOfMany;
        List<Job> jobs = last
                ? sql.last(claim, binding, rows::readWithPayload)
                : sql.query(claim, binding, rows::readWithPayload);
        return jobs.stream().sorted(Lanes.bestFirst(slots)).toList();
    }

    private record Afterwards(
            int ended, boolean known, @Nullable Long nextDue) {}

    /** What there is to say of a claim that came back short. */
    private Claimed shortOf(Transaction sql, int node, Node by, ClaimRequest request, List<Job> claimed)
            throws SQLException {
        List<Lanes.Lane> asked = lanes.of(request.slots());
        Afterwards found = sql.last(
                        afterwards,
                        row -> new PostgresColumns<>(row.number(node), asked)
                                .int4(Lanes.Lane::kind)
                                .bool(Lanes.Lane::suspect),
                        row -> {
                            int ended = row.getInt(1);
                            boolean known = !row.wasNull();
                            long nextDue = row.getLong(2);
                            return new Afterwards(ended, known, row.wasNull() ? null : nextDue);
                        })
                .get(0);
        if (claimed.isEmpty() && !found.known()) {
            throw NotMemberException.unknown(by);
        }
        if (claimed.isEmpty() && found.ended() >= 0) {
            throw NotMemberException.ended(by, Ends.of(found.ended()));
        }
        return Claimed.of(
                claimed,
                Optional.ofNullable(found.nextDue())
                        .filter(due -> due < JobInfo.NEVER.toEpochMilli())
                        .map(Instant::ofEpochMilli));
    }
}
