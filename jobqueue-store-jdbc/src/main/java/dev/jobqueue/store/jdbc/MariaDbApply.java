package dev.jobqueue.store.jdbc;

import dev.jobqueue.store.Change;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Applies changes, all of a group or none. First their jobs are taken from where they are said to be: a running one by
 * cutting it out of its lease, which must still be at the version that is known here; a waiting or a final one by its row.
 * If fewer are there, somebody was faster: the block undoes itself, and whoever called asks where the jobs are.
 *
 * <p>Whoever writes locks leases by their number, then jobs by their id, and never a lease after a job: so no two wait for
 * each other.
 */
final class MariaDbApply implements Writer.Apply {
    /** A group carries no more than this in errors, attributes and memos. */
    private static final int LARGE_GROUP = 1024 * 1024;

    private static final String CHANGES = """
            json_table(changes, '$[*]' columns (
                id char(32) path '$[0]', attempt int path '$[1]', was int path '$[2]', becomes int path '$[3]',
                at bigint path '$[4]', kind int path '$[5]', touches int path '$[6]', run_at bigint path '$[7]',
                priority int path '$[8]', failures int path '$[9]', crashes int path '$[10]', error text path '$[11]',
                patch longtext path '$[12]', memo longtext path '$[13]')) c""";

    /** Waits for whoever is moving one of these jobs, and lets nobody else. */
    private static final String LOCK = """
            select count(*) into expected from $changes straight_join {job} j on j.id = unhex(c.id) for update;
            set expected = json_length(changes);
            """;

    private static final String CUT =
            "update {lease} set jobs = ?, version = version + 1 where lease = ? and version = ?; ";

    private static final String EMPTY = "delete from {lease} where lease = ? and version = ?; ";

    private static final String ONE =
            "if row_count() <> 1 then signal sqlstate '%s'; end if;%n".formatted(MariaDbDialect.MISSED);

    private static final String FROM_WAITING = LOCK + """
            delete {ready} from $changes straight_join {job} j on j.id = unhex(c.id)
            straight_join {ready} on {ready}.suspect = (j.crashes >= 2) and {ready}.kind = j.kind
                and {ready}.priority = j.priority and {ready}.run_at = j.run_at and {ready}.id = j.id
                and {ready}.attempt = c.attempt;
            set taken = row_count();
            delete {later} from $changes straight_join {job} j on j.id = unhex(c.id)
            straight_join {later} on {later}.run_at = j.run_at and {later}.id = j.id and {later}.attempt = c.attempt;
            set taken = taken + row_count();
            """;

    private static final String FROM_FINISHED = LOCK + """
            delete {finished} from $changes straight_join {finished}
                on {finished}.id = unhex(c.id) and {finished}.status = c.was and {finished}.attempt = c.attempt;
            set taken = row_count();
            """;

    private static final String ALL =
            "if taken <> expected then signal sqlstate '%s'; end if;%n".formatted(MariaDbDialect.MISSED);

    private static final String REMOVE = """
            delete {job} from $changes straight_join {job} on {job}.id = unhex(c.id) where c.becomes is null;
            """;

    /**
     * Attributes that go become marks, for of several nulls in a patch json_merge_patch forgets some: of {gone, kept} and
     * {result, kept, gone: null} it leaves the old kept (seen with 11.4).
     */
    private static final String WRITE = """
            update $changes straight_join {job} j on j.id = unhex(c.id)
            set j.attempt = c.attempt, j.changed_at = c.at, j.run_at = coalesce(c.run_at, j.run_at),
                j.priority = coalesce(c.priority, j.priority), j.failures = coalesce(c.failures, j.failures),
                j.crashes = coalesce(c.crashes, j.crashes), j.error = coalesce(c.error, j.error),
                j.memo = coalesce(unhex(c.memo), j.memo), j.attributes = if(c.patch is null, j.attributes,
                    json_merge_patch(coalesce(j.attributes, '{}'), c.patch))
            where c.touches = 1;
            """;

    private static final String WAIT = """
            insert into {ready} (suspect, kind, priority, run_at, id, attempt)
            select j.crashes >= 2, j.kind, j.priority, j.run_at, j.id, j.attempt
            from $changes straight_join {job} j on j.id = unhex(c.id) where c.becomes = 0 and j.run_at <= c.at;
            insert into {later} (suspect, kind, priority, run_at, id, attempt)
            select j.crashes >= 2, j.kind, j.priority, j.run_at, j.id, j.attempt
            from $changes straight_join {job} j on j.id = unhex(c.id) where c.becomes = 0 and j.run_at > c.at;
            """;

    private static final String FINISH = """
            insert into {finished} (id, kind, status, attempt, finished_at)
            select unhex(c.id), c.kind, c.becomes, c.attempt, c.at from $changes where c.becomes >= 2;
            """;

    private final Names names;
    private final Kinds kinds;
    private final MariaDbLeases leases;

    MariaDbApply(Names names, Kinds kinds, MariaDbLeases leases) {
        this.names = names;
        this.kinds = kinds;
        this.leases = leases;
    }

    @Override
    public Collection<List<PlacedChange>> groups(List<PlacedChange> changes) {
        List<List<PlacedChange>> groups = new ArrayList<>();
        for (List<PlacedChange> group : PlacedChange.groups(changes)) {
            int from = 0;
            long bytes = 0;
            for (int to = 0; to < group.size(); to++) {
                long size = size(group.get(to));
                if (bytes + size > LARGE_GROUP && to > from) {
                    groups.add(group.subList(from, to));
                    from = to;
                    bytes = 0;
                }
                bytes += size;
            }
            groups.add(group.subList(from, group.size()));
        }
        return groups;
    }

    private static long size(PlacedChange one) {
        return 2L * one.change().memo().map(memo -> memo.length).orElse(0)
                + one.change().error().map(String::length).orElse(0)
                + Optional.ofNullable(one.patch(AttributesText.MARKED))
                        .map(String::length)
                        .orElse(0);
    }

    @Override
    public List<Integer> run(Transaction sql, List<PlacedChange> group) throws SQLException {
        try {
            return switch (group.get(0).where()) {
                case RUNNING -> runRunning(sql, group);
                case WAITING -> run(sql, group, FROM_WAITING + ALL, none -> {});
                case FINISHED -> run(sql, group, FROM_FINISHED + ALL, none -> {});
            };
        } catch (SQLException e) {
            if (!MariaDbDialect.isMissed(e)) {
                throw e;
            }
            sql.rollBack();
            return List.of();
        }
    }

    /** Those that hold as far as is known here. */
    private List<Integer> runRunning(Transaction sql, List<PlacedChange> group) throws SQLException {
        Map<Long, List<PlacedChange>> byLease =
                group.stream().collect(Collectors.groupingBy(PlacedChange::lease, TreeMap::new, Collectors.toList()));
        List<PlacedChange> held = new ArrayList<>();
        List<MariaDbLeases.Lease> after = new ArrayList<>();
        byLease.forEach((no, changes) -> leases.get(no).ifPresent(lease -> {
            List<PlacedChange> listed =
                    changes.stream().filter(one -> lease.lists(one.change())).toList();
            if (!listed.isEmpty()) {
                held.addAll(listed);
                after.add(lease.without(listed.stream()
                        .filter(one -> one.change().to().isPresent())
                        .map(one -> one.change().id())
                        .toList()));
            }
        }));
        if (held.isEmpty()) {
            return List.of();
        }
        String take = after.stream()
                .map(lease -> (lease.jobs().isEmpty() ? EMPTY : CUT) + ONE)
                .collect(Collectors.joining());
        List<Integer> applied = run(sql, held, take, row -> {
            for (MariaDbLeases.Lease lease : after) {
                if (!lease.jobs().isEmpty()) {
                    row.text(lease.text());
                }
                row.number(lease.no()).number(lease.version() - 1);
            }
        });
        after.forEach(leases::put);
        return applied;
    }

    private List<Integer> run(Transaction sql, List<PlacedChange> group, String take, Parameters.Binding taking)
            throws SQLException {
        List<PlacedChange> sorted = group.stream()
                .sorted(Comparator.comparing(one -> one.change().id()))
                .toList();
        String block =
                "begin declare taken, expected int; declare changes longtext character set utf8mb4 default ?;\n" + take
                        + (group.stream().anyMatch(one -> one.change().removes()) ? REMOVE : "")
                        + (group.stream().anyMatch(PlacedChange::touches) ? WRITE : "")
                        + (group.stream().anyMatch(PlacedChange::makesPending) ? WAIT : "")
                        + (group.stream().anyMatch(PlacedChange::makesFinal) ? FINISH : "") + "end";
        sql.last(
                names.sql(block.replace("$changes", CHANGES)),
                parameters -> taking.bind(parameters.text(MariaDbRows.of(sorted, this::row))),
                none -> none);
        return group.stream().map(PlacedChange::no).toList();
    }

    private void row(MariaDbRows row, PlacedChange one) {
        Change change = one.change();
        row.text(MariaDbLeases.hex(change.id()))
                .number(change.attempt())
                .number(JobRows.code(change.from()))
                .number(one.becomes())
                .number(change.at().map(at -> at.toEpochMilli()).orElse(null))
                .number(kinds.number(Kinds.Kind.of(change)))
                .number(one.touches() ? 1 : 0);
        if (one.touches()) {
            row.number(change.runAt().map(at -> at.toEpochMilli()).orElse(null))
                    .number(boxed(change.priority()))
                    .number(boxed(change.failures()))
                    .number(boxed(change.crashes()))
                    .text(change.error().orElse(null))
                    .text(one.patch(AttributesText.MARKED))
                    .text(change.memo().map(HexFormat.of()::formatHex).orElse(null));
        }
    }

    private static @Nullable Integer boxed(OptionalInt value) {
        return value.isPresent() ? value.getAsInt() : null;
    }
}
