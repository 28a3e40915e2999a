package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.JobFilter;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/** What a filter asks of {@code job j}. */
final class SqliteConditions {
    private SqliteConditions() {}

    /** All but the filter's ids. */
    static Conditions of(JobFilter filter, Set<JobStatus> statuses, Kinds kinds, Optional<Node> live) {
        Conditions where = new Conditions().add(of(statuses), none -> {});
        filter.owner().ifPresent(owner -> where.add("j.owner = ?", row -> row.text(owner)));
        if (filter.orphaned()) {
            live.ifPresent(node -> where.add("j.owner <> ?", row -> row.text(node.text())));
        }
        if (!filter.queues().isEmpty() || !filter.types().isEmpty()) {
            String asked = SqliteJson.numbers(kinds.numbers(filter.queues(), filter.types()));
            where.add("j.kind in (select value from json_each(?))", row -> row.text(asked));
        }
        filter.dueBy().ifPresent(time -> where.add("j.run_at <= ?", row -> row.number(time.toEpochMilli())));
        return where;
    }

    /** A job in one of these; written out as the partial indexes have it, for a parameter would bar them. */
    static String of(Set<JobStatus> statuses) {
        if (statuses.size() == 1 && !statuses.iterator().next().isFinal()) {
            return "j.status = " + JobRows.code(statuses.iterator().next());
        }
        StringJoiner codes = new StringJoiner(", ", "j.status in (", ")");
        boolean allFinal = true;
        for (JobStatus status : EnumSet.copyOf(statuses)) {
            codes.add(Integer.toString(JobRows.code(status)));
            allFinal &= status.isFinal();
        }
        return (allFinal ? "j.status >= 2 and " : "") + codes;
    }
}
